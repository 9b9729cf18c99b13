// SPDX-License-Identifier: MIT
#include <fusegrad/layer/maxout.hpp>

#include <fusegrad/layer/model.hpp>
#include <fusegrad/plan/inference.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <vector>

namespace {
namespace fg = fusegrad;
constexpr auto model = fg::input<6> | fg::maxout<3>;
} // namespace

BOOST_AUTO_TEST_SUITE(layer_maxout)

BOOST_AUTO_TEST_CASE(a_unit_takes_the_largest_of_its_pieces) {
  const auto y = fg::inference{fg::weights{model}}(std::array<float, 6>{1, -7, 3, -9, 2, -8});
  const std::vector<float> expected{3, -7};
  BOOST_TEST(y == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
