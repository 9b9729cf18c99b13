// SPDX-License-Identifier: MIT
#include <fusegrad/layer/dense.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;
using names = std::vector<std::string>;

constexpr auto layers_of_all_kinds =
    fg::input<6> | fg::dense<5> | fg::dense<5, 4>.without_bias() | fg::named<"last">(fg::dense<3>);
static_assert(layers_of_all_kinds.output_shape() == fg::shape<3>);
static_assert(layers_of_all_kinds.parameter_count() == 6 * 5 + 5 + 5 * 4 + 4 * 3 + 3);
static_assert(layers_of_all_kinds.layer_count() == 3);

// It works on the last axis, as PyTorch's Linear.
static_assert((fg::input<4, 5, 6> | fg::dense<3>).output_shape() == fg::shape<4, 5, 3>);
static_assert((fg::input<4, 5, 6> | fg::dense<6, 3>).parameter_count() == 6 * 3 + 3);
static_assert((fg::input<1, 6> | fg::dense<6, 3>).output_shape() == fg::shape<1, 3>);

// The layers as a tuple of Boost.Hana, each empty.
static_assert(fg::hana::at_c<0>(layers_of_all_kinds.layers()).name == "dense");
static_assert(fg::hana::at_c<1>(layers_of_all_kinds.layers()).name == "dense without bias");

BOOST_AUTO_TEST_SUITE(layer_dense)

BOOST_AUTO_TEST_CASE(parameters_have_the_names_and_shapes_of_pytorch) {
  const fg::weights w{layers_of_all_kinds};
  BOOST_TEST(w.parameter_names() == (names{"0.weight", "0.bias", "1.weight", "last.weight", "last.bias"}),
             boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("0.weight") == (std::vector<std::size_t>{5, 6}), boost::test_tools::per_element());
  BOOST_TEST(w.parameter_shape("last.bias") == (std::vector<std::size_t>{3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_initialiser_can_be_chosen) {
  constexpr auto model = fg::input<3> | fg::dense<2>.initialised<fg::init::constant(0.5), fg::init::ones>();
  const fg::weights w{model};
  BOOST_TEST(w.read("0.weight") == std::vector<float>(6, 0.5f), boost::test_tools::per_element());
  BOOST_TEST(w.read("0.bias") == std::vector<float>(2, 1.0f), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unknown_parameter_is_named_beside_those_there_are) {
  const fg::weights w{fg::input<2> | fg::dense<1>};
  const auto names_all = [](const std::out_of_range& error) {
    return std::string(error.what()) == "fusegrad: the model has no parameter \"0.weights\"; it has 0.weight, 0.bias.";
  };
  BOOST_CHECK_EXCEPTION(static_cast<void>(w.read("0.weights")), std::out_of_range, names_all);
}

BOOST_AUTO_TEST_CASE(each_position_of_an_image_has_the_same_weights) {
  constexpr auto model = fg::input<2, 3, 2> | fg::dense<1>;
  fg::weights w{model};
  w.write("0.weight", std::vector<float>{10, 1});
  w.write("0.bias", std::vector<float>{0.5f});
  const auto y = fg::inference{w}(std::array<float, 12>{1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 9});
  BOOST_TEST(y == (std::array<float, 6>{12.5f, 34.5f, 56.5f, 78.5f, 90.5f, 9.5f}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
