// SPDX-License-Identifier: MIT
#include <fusegrad/layer/gated.hpp>

#include <fusegrad/layer/model.hpp>
#include <fusegrad/plan/inference.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

// A gate of eight numbers, then one of the four that are left.
constexpr auto model = fg::input<8> | fg::gated(fg::prelu.per_unit()) | fg::reglu;

} // namespace

BOOST_AUTO_TEST_SUITE(layer_gated)

BOOST_AUTO_TEST_CASE(the_second_half_is_the_gate) {
  fg::weights weights{model};
  BOOST_TEST(weights.parameter_names() == std::vector<std::string>{"0.slope"}, boost::test_tools::per_element());
  weights.write("0.slope", std::vector<float>{0.5, 0.25, 1, -1});
  // a = {1, 2, 3, 4}, b = {-2, 4, 5, -3}: a prelu(b) = {-1, 8, 15, 12}; then {-1, 8} times relu {15, 12}.
  const auto y = fg::inference{weights}(std::array<float, 8>{1, 2, 3, 4, -2, 4, 5, -3});
  const std::vector<float> expected{-15, 96};
  BOOST_TEST(y == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
