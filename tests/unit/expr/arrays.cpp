// SPDX-License-Identifier: MIT
#include <fusegrad/expr/arrays.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>
#include <vector>

namespace {

namespace fg = fusegrad;
using point = std::array<double, 3>;
using matrix = std::array<std::array<double, 3>, 3>;

// The names of <cmath> are no operations: all is found through the arguments.
constexpr auto spring = [](auto x, auto stiffness) { return 0.5 * stiffness * dot(x, x) + x[0] * x[1]; };
constexpr point at{1, 2, 3};

static_assert(fg::function(spring)(at, 4.0) == 30.0);
static_assert(std::get<0>(fg::gradient(spring)(at, 4.0)) == point{6, 9, 12});
static_assert(std::get<1>(fg::gradient(spring)(at, 4.0)) == 7.0);
static_assert(fg::gradient<0>(spring)(at, 4.0) == point{6, 9, 12}); // the stiffness is a setting
static_assert(fg::derivative<1>(spring)(at, 4.0) == 7.0);
static_assert(fg::hessian<0>(spring)(at, 4.0) == matrix{{{4, 1, 0}, {1, 4, 0}, {0, 0, 4}}});
static_assert(fg::gradient<1>([](auto x, auto k) { return k * x * x; })(2.0, 3.0) == 4.0);
static_assert(fg::jacobian<1>([](auto x, auto k) { return fg::values(k * x, k); })(2.0, 3.0)[0][0] == 2.0);

BOOST_AUTO_TEST_SUITE(expr_arrays)

BOOST_AUTO_TEST_CASE(spans_and_arrays_of_the_language_are_arguments) {
  std::vector<float> many{1, 2, 3, 4};
  const auto squares = [](auto v) { return dot(v, v); };
  const std::array<float, 3> found = fg::gradient(squares)(std::span<const float, 3>(many.data(), 3));
  BOOST_TEST(found[2] == 6.0F);
  const double plain[2]{3, 4};
  const std::array<double, 2> slope = fg::gradient([](auto v) { return norm(v); })(plain);
  BOOST_TEST(slope[0] == 0.6, boost::test_tools::tolerance(1e-15));
  const std::array<int, 2> whole{3, 4};
  BOOST_TEST(fg::gradient(squares)(whole)[1] == 8.0);
}

BOOST_AUTO_TEST_CASE(results_have_shapes) {
  constexpr auto f = [](auto a, auto x) { return matmul(a, x); };
  const std::array<std::array<double, 3>, 2> a{{{1, 2, 3}, {4, 5, 6}}};
  const std::array<double, 2> y = fg::function(f)(a, at);
  BOOST_TEST(y[1] == 32.0);
  const std::array<std::array<double, 3>, 2> by_x = fg::jacobian<1>(f)(a, at);
  BOOST_TEST((by_x == a));
  const std::array<std::array<std::array<double, 3>, 2>, 2> by_a = fg::jacobian<0>(f)(a, at);
  BOOST_TEST(by_a[1][1][2] == 3.0);
  BOOST_TEST(by_a[1][0][2] == 0.0);
}

BOOST_AUTO_TEST_CASE(functions_of_arrays_are_used_in_others) {
  constexpr auto energy = [](auto x) { return log_sum_exp(x); };
  constexpr auto outer = [](auto x) {
    const auto slope = fg::gradient(decltype(energy){})(x);
    return dot(slope, slope);
  };
  const double share = std::exp(3.0) / (std::exp(1.0) + std::exp(2.0) + std::exp(3.0));
  BOOST_TEST(fg::gradient(energy)(at)[2] == share, boost::test_tools::tolerance(1e-14));
  const double h = 1e-6;
  const auto found = fg::gradient(outer)(at);
  for (std::size_t i = 0; i < 3; ++i) {
    point above = at, below = at;
    above[i] += h;
    below[i] -= h;
    const double slope = (fg::function(outer)(above) - fg::function(outer)(below)) / (2 * h);
    BOOST_TEST(std::abs(found[i] - slope) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(formulas_of_arrays_agree_with_numbers_one_by_one) {
  constexpr auto by_array = [](auto v) { return exp(v[0] * v[1]) + norm(cross(v, std::array{v[2], v[0], v[1]})); };
  constexpr auto by_number = [](auto x, auto y, auto z) {
    const auto p = x * x - z * y, q = y * y - x * z, r = z * z - x * y;
    return exp(x * y) + sqrt(q * q + p * p + r * r);
  };
  const point v{0.3, -0.7, 1.1};
  const auto one = fg::gradient(by_array)(v);
  const auto other = fg::gradient(by_number)(v[0], v[1], v[2]);
  const auto second = fg::hessian(by_array)(v);
  const auto expected = fg::hessian(by_number)(v[0], v[1], v[2]);
  for (std::size_t i = 0; i < 3; ++i) {
    BOOST_TEST(one[i] == other[i], boost::test_tools::tolerance(1e-12));
    for (std::size_t k = 0; k < 3; ++k) BOOST_TEST(std::abs(second[i][k] - expected[i][k]) < 1e-12);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
