// SPDX-License-Identifier: MIT
#include <fusegrad/layer/attention.hpp>

#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/model/network_plan.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

constexpr std::size_t positions = 3, columns = 4;
constexpr auto model = fg::input<positions, columns> | fg::self_attention<2>.causal();
static_assert(model.output_shape() == fg::shape<positions, columns>);
static_assert(model.parameter_count() == 4 * columns * columns + 4 * columns);
static_assert((fg::input<5, 6> | fg::self_attention<3>.without_bias()).parameter_count() == 4 * 36);

} // namespace

BOOST_AUTO_TEST_SUITE(layer_attention)

BOOST_AUTO_TEST_CASE(parameters_have_the_names_that_pytorch_gives_them) {
  const std::vector<std::string> expected{"0.in_proj_weight", "0.in_proj_bias", "0.out_proj.weight", "0.out_proj.bias"};
  BOOST_TEST(fg::weights{model}.parameter_names() == expected, boost::test_tools::per_element());
}

// Queries of zero fit every key alike: each position is the mean of those that it sees.
BOOST_AUTO_TEST_CASE(positions_see_themselves_and_those_before_them) {
  fg::weights weights{model};
  std::vector<float> in(3 * columns * columns), out(columns * columns);
  for (std::size_t i = 0; i < columns; ++i) {
    in[(columns + i) * columns + i] = in[(2 * columns + i) * columns + i] = 1;
    out[i * columns + i] = 2;
  }
  weights.write("0.in_proj_weight", in);
  weights.write("0.out_proj.weight", out);
  const auto y = fg::inference{weights}(std::array<float, positions * columns>{1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3});
  const std::vector<float> expected{2, 4, 6, 8, 6, 8, 10, 12, 4, 6, 8, 10};
  for (std::size_t i = 0; i < expected.size(); ++i) BOOST_TEST(std::abs(y[i] - expected[i]) <= 1e-5f);
}

BOOST_AUTO_TEST_SUITE_END()
