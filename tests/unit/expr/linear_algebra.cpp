// SPDX-License-Identifier: MIT
#include <fusegrad/expr/linear_algebra.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fusegrad/expr/arrays.hpp>
#include <random>

namespace {

namespace fg = fusegrad;
template <std::size_t N> using vector = std::array<double, N>;
template <std::size_t N> using matrix = std::array<std::array<double, N>, N>;

static_assert(fg::dot(vector<3>{1, 2, 3}, vector<3>{4, 5, 6}) == 32);
static_assert(fg::sum(vector<3>{1, 2, 3}) == 6 && fg::norm(vector<2>{3, 4}) == 5);
static_assert(fg::cross(vector<3>{1, 0, 0}, vector<3>{0, 1, 0}) == vector<3>{0, 0, 1});
static_assert(fg::transpose(matrix<2>{{{1, 2}, {3, 4}}}) == matrix<2>{{{1, 3}, {2, 4}}});
static_assert(fg::determinant(matrix<2>{{{0, 2}, {3, 4}}}) == -6); // the first pivot is zero

constexpr auto solved = [](auto a, auto b) { return solve(a, b); };
constexpr auto volume = [](auto a) { return determinant(a); };

template <std::size_t N> matrix<N> random_matrix(std::mt19937& engine) {
  std::uniform_real_distribution<double> uniform(-1, 1);
  matrix<N> a{};
  for (auto& row : a)
    for (double& x : row) x = uniform(engine);
  return a;
}

BOOST_AUTO_TEST_SUITE(expr_linear_algebra)

BOOST_AUTO_TEST_CASE(solutions_fit) {
  std::mt19937 engine(5);
  for (int round = 0; round < 50; ++round) {
    matrix<3> a = random_matrix<3>(engine);
    if (round % 2 == 0) a[0][0] = 0; // without pivots: a division by zero
    const vector<3> b = random_matrix<3>(engine)[0];
    const vector<3> x = fg::solve(a, b), again = fg::function(solved)(a, b), back = fg::matmul(a, x);
    const matrix<3> one = fg::matmul(a, fg::inverse(a));
    for (std::size_t i = 0; i < 3; ++i) {
      BOOST_TEST(std::abs(back[i] - b[i]) < 1e-10);
      BOOST_TEST(std::abs(again[i] - x[i]) < 1e-10 * (1 + std::abs(x[i])));
      for (std::size_t k = 0; k < 3; ++k) BOOST_TEST(std::abs(one[i][k] - (i == k ? 1 : 0)) < 1e-10);
    }
  }
}

// dx/db is the inverse, and d det(A) / dA is det(A) times the inverse transposed.
BOOST_AUTO_TEST_CASE(derivatives_are_those_of_the_books) {
  std::mt19937 engine(6);
  for (int round = 0; round < 20; ++round) {
    matrix<3> a = random_matrix<3>(engine);
    if (round % 2 == 0) a[0][0] = 0;
    const matrix<3> inverse = fg::inverse(a), by_b = fg::jacobian<1>(solved)(a, vector<3>{1, -2, 3});
    const matrix<3> slope = fg::gradient(volume)(a);
    const double size = fg::determinant(a);
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t k = 0; k < 3; ++k) {
        BOOST_TEST(std::abs(by_b[i][k] - inverse[i][k]) < 1e-10 * (1 + std::abs(inverse[i][k])));
        BOOST_TEST(std::abs(slope[i][k] - size * inverse[k][i]) < 1e-10);
      }
  }
}

BOOST_AUTO_TEST_CASE(the_length_has_derivative_zero_at_the_origin) {
  constexpr auto length = [](auto v) { return norm(v); };
  BOOST_TEST((fg::gradient(length)(vector<2>{0, 0}) == vector<2>{0, 0}));
  BOOST_TEST(std::isnan(fg::function(length)(vector<2>{std::nan(""), 0})));
}

BOOST_AUTO_TEST_CASE(log_sum_exp_does_not_overflow) {
  constexpr auto f = [](auto v) { return log_sum_exp(v); };
  const vector<3> far{1000, 1001, -4000};
  BOOST_TEST(fg::function(f)(far) == 1001.3132616875182, boost::test_tools::tolerance(1e-14));
  const vector<3> share = fg::gradient(f)(far);
  BOOST_TEST(share[0] + share[1] == 1.0, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(share[2] == 0.0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
