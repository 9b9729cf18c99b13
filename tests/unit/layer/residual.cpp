// SPDX-License-Identifier: MIT
#include <fusegrad/layer/residual.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;
using names = std::vector<std::string>;

constexpr auto inner = fg::dense<3> | fg::tanh | fg::dense<3>;
constexpr auto net = fg::input<3> | fg::residual(inner) | fg::residual(fg::residual(fg::dense<3>)) |
                     fg::shared<"cell">(inner) | fg::shared<"cell">(inner);
static_assert(net.output_shape() == fg::shape<3>);
static_assert(net.parameter_count() == 5 * (9 + 3)); // what is shared counts once

BOOST_AUTO_TEST_SUITE(layer_residual)

BOOST_AUTO_TEST_CASE(parameters_have_body_in_their_path_and_shared_ones_their_own_name) {
  const names expected{"0.body.0.weight",  "0.body.0.bias", "0.body.2.weight", "0.body.2.bias", "1.body.body.weight",
                       "1.body.body.bias", "cell.0.weight", "cell.0.bias",     "cell.2.weight", "cell.2.bias"};
  BOOST_TEST(fg::weights{net}.parameter_names() == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(it_adds_what_comes_in) {
  constexpr auto doubled = fg::input<2> | fg::residual(fg::identity);
  const fg::inference twice{fg::weights{doubled}};
  const auto y = twice(std::array<float, 2>{1, -3});
  BOOST_TEST(y[0] == 2.0f);
  BOOST_TEST(y[1] == -6.0f);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
