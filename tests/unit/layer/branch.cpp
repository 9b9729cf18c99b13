// SPDX-License-Identifier: MIT
#include <fusegrad/layer/branch.hpp>

#include <fusegrad/fusegrad.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;
using names = std::vector<std::string>;

constexpr auto joined = fg::input<4> | fg::branch(fg::dense<2>, fg::relu | fg::dense<3>) | fg::concat;
static_assert(joined.output_shape() == fg::shape<5>);
constexpr auto summed =
    fg::inputs<fg::shape<2>, fg::shape<2, 3>> | fg::each(fg::dense<4>, fg::flatten | fg::dense<4>) | fg::add;
static_assert(summed.input_size() == 8 && summed.output_shape() == fg::shape<4>);
constexpr auto nested = fg::input<4> | fg::branch(fg::relu, fg::branch(fg::tanh, fg::sigmoid)) | fg::multiply;
static_assert(nested.output_shape() == fg::shape<4>);

BOOST_AUTO_TEST_SUITE(layer_branch)

BOOST_AUTO_TEST_CASE(parameters_are_numbered_by_branch_then_by_layer) {
  const names expected{"0.0.weight", "0.0.bias", "0.1.1.weight", "0.1.1.bias"};
  BOOST_TEST(fg::weights{joined}.parameter_names() == expected, boost::test_tools::per_element());
  const names of_each{"0.0.weight", "0.0.bias", "0.1.1.weight", "0.1.1.bias"};
  BOOST_TEST(fg::weights{summed}.parameter_names() == of_each, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_branch_in_a_branch_puts_its_values_beside_the_others) {
  const fg::inference net{fg::weights<std::remove_const_t<decltype(nested)>, double>{}};
  const std::array<double, 4> x{1, -1, 2, 0.5};
  const auto y = net(x);
  for (std::size_t i = 0; i < 4; ++i)
    BOOST_TEST(y[i] == fg::relu(x[i]) * fg::tanh(x[i]) * fg::sigmoid(x[i]), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
