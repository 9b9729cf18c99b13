// SPDX-License-Identifier: MIT
#include <fusegrad/start/normal_mean.hpp>

#include <fusegrad/expr/function.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <vector>

namespace {

namespace fg = fusegrad;
using fg::initial::normal_mean;

template <class F> constexpr fg::expr::expression expression_of(F) {
  return fg::expr::recording_of<fg::expr::recipe_of<F>, 1>().body;
}

template <class F> void check_mean(F f, double expected) {
  const double found = normal_mean(expression_of(f))[0];
  BOOST_TEST(std::abs(found - expected) <= 1e-10 * (1 + std::abs(expected)), found << ", expected " << expected);
}
template <class F> void check_kinks(F f, const std::vector<double>& expected) {
  const auto found = normal_mean::kinks(expression_of(f));
  BOOST_TEST_REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(std::abs(found[i] - expected[i]) <= 1e-12, found[i] << ", expected " << expected[i]);
}

} // namespace

BOOST_AUTO_TEST_SUITE(start_normal_mean)

BOOST_AUTO_TEST_CASE(moments) {
  check_mean([](auto x) { return 0 * x + 1; }, 1);
  check_mean([](auto x) { return x; }, 0);
  check_mean([](auto x) { return x * x; }, 1);
  check_mean([](auto x) { return pow<4>(x); }, 3);
  check_mean([](auto x) { return pow<8>(x); }, 105);
  check_mean([](auto x) { return exp(2 * x); }, std::exp(2.0));
  check_mean([](auto x) { return cos(5 * x); }, std::exp(-12.5));
  check_mean([](auto x) { return cos(20 * x) * cos(20 * x); }, 0.5);
  check_mean([](auto x) { return sin(30 * x) * sin(30 * x); }, 0.5);
}

BOOST_AUTO_TEST_CASE(large_means_are_finite) {
  check_mean([](auto x) { return 1e120 * exp(2 * x); }, 1e120 * std::exp(2.0));
  check_mean([](auto x) { return 1e300 * x * x; }, 1e300);
  constexpr double found = normal_mean(expression_of([](auto x) { return 1e300 * x * x; }))[0];
  static_assert(found > 0.999999e300 && found < 1.000001e300);
}

// What a compiler refuses to compute in any of these does not compile.
BOOST_AUTO_TEST_CASE(operations_have_the_values_at_the_ends_of_the_numbers_that_they_have_at_run_time) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  static constexpr double operands[] = {-infinity, -1e308, -1e160, -3, -1,    -0.5,  0,
                                        1e-308,    0.5,    1,      3,  1e160, 1e308, infinity};
  constexpr std::size_t count = std::size(operands);
  static constexpr auto constants = [] {
    std::array<std::array<double, count * count>, fg::expr::operation_count> made{};
    for (std::size_t op = 0; op < made.size(); ++op)
      for (std::size_t i = 0; i < count * count; ++i)
        made[op][i] = fg::initial::detail::value_of(static_cast<fg::expr::operation>(op), operands[i / count],
                                                    operands[i % count]);
    return made;
  }();
  for (std::size_t op = 0; op < constants.size(); ++op)
    for (std::size_t i = 0; i < count * count; ++i) {
      volatile double a = operands[i / count], b = operands[i % count];
      const double found = constants[op][i], expected = fg::initial::detail::values_of_nodes[op](a, b);
      const bool are_equal = found == expected || (std::isnan(found) && std::isnan(expected));
      BOOST_TEST((are_equal || std::abs(found - expected) <= 1e-12 * std::abs(expected)),
                 "operation " << op << " of " << a << " and " << b << ": " << found << ", at run time " << expected);
    }
}

BOOST_AUTO_TEST_CASE(kinks_and_jumps_cost_nothing) {
  const auto above = [](double t) { return 0.5 * std::erfc(t / std::sqrt(2.0)); };
  check_mean([](auto x) { return abs(x - 0.7) + (x - 0.7); },
             2 * (std::exp(-0.245) / std::sqrt(2 * 3.14159265358979324) - 0.7 * above(0.7)));
  check_mean([](auto x) { return x > 1.234; }, above(1.234));
  check_mean([](auto x) { return select(x * x < 2, 1, 0); }, 1 - 2 * above(std::sqrt(2.0)));
  check_mean([](auto x) { return sign(x) * sign(x); }, 1);
}

BOOST_AUTO_TEST_CASE(steep_functions_are_halved_until_they_are_resolved) {
  check_mean([](auto x) { return square(sigmoid(40 * x)) + sigmoid(40 * x) * sigmoid(-40 * x); },
             0.5); // the sum is sigmoid(40 x)
}

BOOST_AUTO_TEST_CASE(kinks_are_found) {
  check_kinks([](auto x) { return tanh(x); }, {});
  check_kinks([](auto x) { return max(x, 0); }, {0});
  check_kinks([](auto x) { return min(max(x + 3, 0), 6); }, {-3, 3});
  check_kinks([](auto x) { return select(exp(x) > 2, abs(x + 1), x); }, {-1, std::log(2.0)});
  check_kinks([](auto x) { return abs(x * x - 2); }, {-std::sqrt(2.0), std::sqrt(2.0)});
  check_kinks([](auto x) { return max(max(x, 0), 0); }, {0}); // equal on the whole left side
}

BOOST_AUTO_TEST_SUITE_END()
