// SPDX-License-Identifier: MIT
#include <fusegrad/expr/differentiate.hpp>

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <fusegrad/expr/calculus.hpp>
#include <limits>

// What is not selected contributes exactly zero, however often it is not selected and whatever stands before and
// behind.
namespace {

namespace fg = fusegrad;

constexpr auto two_selects = [](auto x) {
  auto root = sqrt(x);
  return select(x > 0, root, 0) + select(x > 1, 2 * root, 0);
};
constexpr auto two_maxima = [](auto x) {
  auto root = sqrt(x);
  return max(root, 1) + max(root, 2);
};
constexpr auto maximum_and_minimum = [](auto x) {
  auto logarithm = log(x);
  return 3 * max(logarithm, 1) - min(-logarithm, -2);
};
constexpr auto three_of_reciprocal = [](auto x) {
  auto one_over = 1 / x;
  return select(x > 0, one_over, 0) + select(x < 0, -one_over, 0) - select(x > 2, one_over * one_over, 7);
};
constexpr auto sum_within_a_branch = [](auto x) {
  auto root = sqrt(x);
  auto sum = 2 * (max(root, 1) + max(root, 2)) - 1;
  return select(sum > 9, sum, 0) + select(sum > 10, sin(sum), 2) + clamp(sum, 6, 7);
};
constexpr auto steep_behind = [](auto x) { return sqrt(select(x > 0, x, 0) + select(x > 1, 2 * x, 0)); };

template <class F> void check_zero_at(F, double x) {
  BOOST_TEST(fg::derivative(F{})(x) == 0);
  BOOST_TEST(fg::gradient(F{})(x) == 0);
  BOOST_TEST(fg::vjp(F{})(x, 3.0) == 0);
  BOOST_TEST(fg::jvp(F{})(x, 3.0) == 0);
  BOOST_TEST(fg::hessian(F{})(x)[0][0] == 0);
  BOOST_TEST(fg::gradient(fg::gradient(F{}))(x) == 0);
}

template <class F> void check_against_forward_mode(F) {
  for (double x = 1.0 / 64; x < 40; x *= 1.25) {
    BOOST_TEST(fg::gradient(F{})(x) == fg::derivative(F{})(x), boost::test_tools::tolerance(1e-14));
    BOOST_TEST(fg::hessian(F{})(x)[0][0] == fg::derivative(fg::derivative(F{}))(x),
               boost::test_tools::tolerance(1e-13));
  }
}

// A chain of sums of selects: the table grows by the same amount with each link, in both modes.
template <int Links> struct chain {
  constexpr auto operator()(auto x) const {
    for (int i = 0; i < Links; ++i) x = max(x, 0.25) + 0.5 * max(x, 0.5);
    return sqrt(x);
  }
};
template <int Links>
inline constexpr std::size_t forward_nodes = decltype(fg::derivative(chain<Links>{}))::template table<>.node_count;
template <int Links>
inline constexpr std::size_t reverse_nodes = decltype(fg::gradient(chain<Links>{}))::template table<>.node_count;
static_assert(forward_nodes<24> - forward_nodes<23> == forward_nodes<12> - forward_nodes<11> &&
              forward_nodes<24> < 600);
static_assert(reverse_nodes<24> - reverse_nodes<23> == reverse_nodes<12> - reverse_nodes<11> &&
              reverse_nodes<24> < 600);

BOOST_AUTO_TEST_SUITE(expr_differentiate)

BOOST_AUTO_TEST_CASE(branches_not_taken_contribute_zero_where_their_slope_is_infinite) {
  check_zero_at(two_selects, 0);
  check_zero_at(two_maxima, 0);
  check_zero_at(maximum_and_minimum, 0);
  check_zero_at(three_of_reciprocal, 0);
  check_zero_at(sum_within_a_branch, 0);
  check_zero_at(steep_behind, 0);
}

BOOST_AUTO_TEST_CASE(both_modes_agree_where_branches_are_taken) {
  check_against_forward_mode(two_selects);
  check_against_forward_mode(two_maxima);
  check_against_forward_mode(maximum_and_minimum);
  check_against_forward_mode(three_of_reciprocal);
  check_against_forward_mode(sum_within_a_branch);
  check_against_forward_mode(steep_behind);
  BOOST_TEST(fg::gradient(two_selects)(4.0) == 0.75);
  BOOST_TEST(fg::gradient(two_maxima)(9.0) == 1.0 / 3, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(fg::gradient(chain<3>{})(9.0) == 1.5 * 1.5 * 1.5 * 0.5 / std::sqrt(9 * 1.5 * 1.5 * 1.5),
             boost::test_tools::tolerance(1e-15));
}

// A derivative that is infinite, or no number, stays so where its branch is taken: nothing is hidden.
BOOST_AUTO_TEST_CASE(an_infinite_slope_that_is_selected_shows) {
  constexpr auto reached = [](auto x) {
    auto root = sqrt(x);
    return select(x >= 0, root, 0) + select(x > 1, root, 0);
  };
  BOOST_TEST(fg::gradient(reached)(0.0) == std::numeric_limits<double>::infinity());
  constexpr auto zero_times = [](auto x) { return 0 * sqrt(x); };
  BOOST_TEST(std::isnan(fg::gradient(zero_times)(0.0)));
  BOOST_TEST(std::isnan(fg::derivative(zero_times)(0.0)));
}

BOOST_AUTO_TEST_CASE(power_at_zero) {
  constexpr auto slopes = fg::gradient([](auto x, auto y) { return pow(x, y); });
  constexpr double infinity = std::numeric_limits<double>::infinity();
  BOOST_TEST((slopes(0.0, 0.0) == fg::values(0.0, 0.0)));
  BOOST_TEST((slopes(0.0, 0.5) == fg::values(infinity, 0.0)));
  BOOST_TEST((slopes(0.0, 1.0) == fg::values(1.0, 0.0)));
  BOOST_TEST((slopes(0.0, 3.0) == fg::values(0.0, 0.0)));
  BOOST_TEST((slopes(0.0, -1.0) == fg::values(-infinity, -infinity)));
  BOOST_TEST((slopes(2.0, 0.0) == fg::values(0.0, std::log(2.0))));
  BOOST_TEST(slopes(2.0, 3.0)[0] == 12, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(slopes(2.0, 3.0)[1] == 8 * std::log(2.0), boost::test_tools::tolerance(1e-15));

  // A generalised mean: a learned exponent behind a rectifier meets zeros all the time.
  constexpr auto rectified = fg::gradient([](auto x, auto exponent) { return pow(max(x, 0), exponent); });
  BOOST_TEST((rectified(-1.0, 3.0) == fg::values(0.0, 0.0)));
  BOOST_TEST((rectified(-1.0, 0.5) == fg::values(0.0, 0.0)));
}

// Second derivatives with respect to ten arguments, one after the other on one recorder: what is not on the way to a
// result is not differentiated again, else each would double what there is.
int nodes_of_laplacian(int arguments) {
  fg::expr::recorder r(arguments);
  fg::growing<int> inputs, result;
  int sum = r.build.constant(0);
  for (int i = 0; i < arguments; ++i) {
    inputs.push_back(r.build.argument(i));
    const int factor = r.build.constant(i + 2);
    const int term = r.build.make(fg::expr::operation::multiply, inputs.back(), factor);
    sum = r.build.make(fg::expr::operation::add, sum, term);
  }
  result.push_back(r.build.make(fg::expr::operation::tanh, sum));
  for (int i = 0; i < arguments; ++i) {
    fg::growing<int> seeds;
    for (int k = 0; k < arguments; ++k) seeds.push_back(k == i ? r.build.constant(1) : fg::expr::no_node);
    const fg::growing<int> slope = fg::expr::tangents(r, inputs, seeds, result);
    fg::expr::tangents(r, inputs, seeds, slope);
  }
  return r.build.size();
}
BOOST_AUTO_TEST_CASE(derivatives_on_one_recorder_do_not_double_it) {
  const int five = nodes_of_laplacian(5), ten = nodes_of_laplacian(10);
  BOOST_TEST(ten < 6 * five); // with the square of the arguments, not with its exponential
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
