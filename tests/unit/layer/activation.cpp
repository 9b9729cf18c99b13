// SPDX-License-Identifier: MIT
#include <fusegrad/layer/activation.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr auto own = fg::activation([](auto x) { return fg::parameter<"gain">(2) * x + fg::parameter<"shift">(1); });
static_assert(std::is_empty_v<decltype(own)> && own(3.0) == 7.0);
constexpr auto net =
    fg::input<2, 3> | own | fg::prelu.per_unit() | fg::reshape<3, 2> | fg::softmax | fg::log_softmax | fg::flatten;
static_assert(net.output_shape() == fg::shape<6>);
static_assert(net.parameter_count() == 2 + 3); // a slope for each channel
static_assert((fg::input<2, 3> | own).output_shape() == fg::shape<2, 3>);

BOOST_AUTO_TEST_SUITE(layer_activation)

BOOST_AUTO_TEST_CASE(named_parameters_start_at_their_values) {
  const fg::weights w{net};
  BOOST_TEST(w.parameter_names() == (std::vector<std::string>{"0.gain", "0.shift", "1.weight"}),
             boost::test_tools::per_element());
  BOOST_TEST(w.read("0.gain") == std::vector<float>{2}, boost::test_tools::per_element());
  BOOST_TEST(w.read("1.weight") == std::vector<float>(3, 0.25f), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_surrogate_has_the_value_of_one_and_the_derivative_of_the_other) {
  constexpr auto leaking = fg::surrogate(fg::relu, fg::leaky_relu<0.1>);
  BOOST_TEST(leaking(-2.0) == 0.0);
  BOOST_TEST(fg::derivative(leaking)(-2.0) == 0.1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
