// SPDX-License-Identifier: MIT
#include <fusegrad/layer/gated.hpp>

#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/join.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/inference.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

// A gate of eight numbers, then one of the four that are left.
constexpr auto model = fg::input<8> | fg::gated(fg::prelu.per_unit()) | fg::reglu;

constexpr std::size_t units = 19; // no whole number of vectors
constexpr auto named =
    fg::input<2 * units> | fg::branch(fg::glu, fg::reglu, fg::geglu, fg::swiglu, fg::bilinear) | fg::concat;
constexpr std::size_t gates = 5;

/// The gates as their papers write them, in the order of `named`.
std::array<double, gates> gates_at(double b) {
  const double sigmoid = 1 / (1 + std::exp(-b));
  return {sigmoid, b > 0 ? b : 0, b * std::erfc(-b / std::sqrt(2.0)) / 2, b * sigmoid, b};
}

} // namespace

BOOST_AUTO_TEST_SUITE(layer_gated)

BOOST_AUTO_TEST_CASE(the_second_half_is_the_gate) {
  fg::weights weights{model};
  BOOST_TEST(weights.parameter_names() == std::vector<std::string>{"0.weight"}, boost::test_tools::per_element());
  weights.write("0.weight", std::vector<float>{0.5, 0.25, 1, -1});
  // a = {1, 2, 3, 4}, b = {-2, 4, 5, -3}: a prelu(b) = {-1, 8, 15, 12}; then {-1, 8} times relu {15, 12}.
  const auto y = fg::inference{weights}(std::array<float, 8>{1, 2, 3, 4, -2, 4, 5, -3});
  const std::vector<float> expected{-15, 96};
  BOOST_TEST(y == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(named_gates_are_what_their_papers_say) {
  static_assert(named.output_shape() == fg::shape<gates * units>);
  constexpr std::size_t samples = 21;
  std::vector<double> in, found(samples * gates * units);
  for (std::size_t i = 0; i < samples * 2 * units; ++i) in.push_back(4 * std::sin(static_cast<double>(i * i % 1009)));

  using inference = fg::inference<std::remove_cv_t<decltype(named)>, double>;
  const inference net{fg::weights<std::remove_cv_t<decltype(named)>, double>{}};
  inference::workspace memory;
  net.predict(in, found, memory);
  for (std::size_t s = 0; s < samples; ++s)
    for (std::size_t unit = 0; unit < units; ++unit) {
      const double a = in[s * 2 * units + unit], b = in[s * 2 * units + units + unit];
      for (std::size_t gate = 0; gate < gates; ++gate)
        BOOST_TEST(std::abs(found[(s * gates + gate) * units + unit] - a * gates_at(b)[gate]) <= 1e-13,
                   "gate " << gate << " at " << a << ", " << b);
    }
}

BOOST_AUTO_TEST_SUITE_END()
