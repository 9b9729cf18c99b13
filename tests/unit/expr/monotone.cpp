// SPDX-License-Identifier: MIT
#include <fusegrad/expr/monotone.hpp>

#include "laws/evaluate_node.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/layer/catalogue.hpp>
#include <limits>
#include <random>
#include <string_view>
#include <vector>

namespace {

namespace fg = fusegrad;
using fg::expr::operation;

template <class F, std::size_t Arity = 1>
constexpr bool rises = fg::expr::is_rising(fg::expr::recording_of<fg::expr::recipe_of<F>, Arity>().body, 0);
template <class Activation>
constexpr bool activation_rises = fg::expr::is_rising(fg::expr::recording_of<typename Activation::recipe, 1>().body, 0);

// In any argument, whatever the others are.
using bias = decltype([](auto sum, auto b) { return sum + b; });
using difference = decltype([](auto a, auto b) { return b - a; });
using product = decltype([](auto a, auto b) { return a * b; });
static_assert(rises<bias, 2> && !rises<difference, 2> && !rises<product, 2>);
static_assert(rises<decltype([](auto x) { return 3 - (1 - 2 * x) / 4; })>);
static_assert(!rises<decltype([](auto x) { return -2 * x; })> && rises<decltype([](auto x) { return -(-2 * x); })>);
static_assert(!rises<decltype([](auto x) { return 0 * x; })>);
static_assert(!rises<decltype([](auto x, auto y) { return y + 0 * x; }), 2>);
static_assert(rises<decltype([](auto x) { return select(x < -1, 2 * x, x); })>);
static_assert(!rises<decltype([](auto x) { return select(x < 1, 2 * x, x); })>); // falls by 1 at 1
static_assert(!rises<decltype([](auto x) { return select(x > 1, x, 0.5); })>);   // what of no number?
static_assert(
    !rises<decltype([](auto x, auto y) { return select(y > 0, x, 2 * x); }), 2>); // rises, but not plain to see

/// From -8 to 8, with what is special in between.
std::vector<double> grid() {
  std::vector<double> x;
  for (int i = -512; i <= 512; ++i) x.push_back(i / 64.0);
  for (const double near : {-3.0, -1.0, 0.0, 0.5, 1.0, 3.0, 6.0})
    for (const double by : {-1e-9, 1e-9}) x.push_back(near + by);
  std::sort(x.begin(), x.end());
  return x;
}
/// Whether a function never falls, but for the rounding of some units in the last place.
template <class F> bool never_falls(const F& f) {
  double before = -std::numeric_limits<double>::infinity();
  for (const double x : grid()) {
    const double y = f(x);
    if (y < before - 1e-14 * (1 + std::abs(before))) return false;
    before = std::max(before, y);
  }
  return true;
}

/// A random function of two arguments: the last node is its result.
fg::expr::expression draw(std::mt19937& engine) {
  constexpr operation ones[]{operation::negate, operation::exp,     operation::expm1,    operation::tanh,
                             operation::abs,    operation::sigmoid, operation::softplus, operation::erf,
                             operation::sin,    operation::sign};
  constexpr operation twos[]{operation::add, operation::subtract, operation::multiply, operation::divide,
                             operation::min, operation::max,      operation::less,     operation::less_equal};
  fg::expr::builder b;
  std::vector<int> nodes{b.argument(0), b.argument(1), b.constant(0), b.constant(engine() % 2 ? 0.5 : -2),
                         b.argument(0)};
  const auto any = [&] { return nodes[engine() % nodes.size()]; };
  for (std::size_t n = 1 + engine() % 6; n > 0; --n) {
    const auto kind = engine() % 8;
    if (kind < 3)
      nodes.push_back(b.make(ones[engine() % std::size(ones)], any()));
    else if (kind < 7)
      nodes.push_back(b.make(twos[engine() % std::size(twos)], any(), any()));
    else
      nodes.push_back(b.make(operation::select, b.make(twos[6 + engine() % 2], any(), any()), any(), any()));
  }
  fg::growing<int> result;
  result.push_back(nodes.back());
  return fg::expr::compact(b, result, 2);
}
double value_of(const fg::expr::expression& e, double x, double y) {
  std::vector<double> values;
  for (const fg::expr::node& n : e.nodes)
    values.push_back(n.op == operation::argument   ? (n.a == 0 ? x : y)
                     : n.op == operation::constant ? e.constants[n.a]
                                                   : fg::test::evaluate_node<double>(n, values));
  return values.back();
}

} // namespace

BOOST_AUTO_TEST_SUITE(expr_monotone)

BOOST_AUTO_TEST_CASE(activations_that_rise_are_known_and_no_others) {
  std::vector<std::string_view> rising;
  fg::for_each_activation([&]<class Activation>(std::string_view name, const Activation& f) {
    if (!activation_rises<Activation>) return;
    rising.push_back(name);
    BOOST_TEST(never_falls([&](double x) { return f(x); }), name << " falls");
    BOOST_TEST(std::isnan(f(std::numeric_limits<double>::quiet_NaN())), name << " makes a number of what is none");
  });
  for (const std::string_view name :
       {"identity", "relu", "relu_with_slope_at_zero<1>", "relu6", "leaky_relu<0.01>", "elu<1.0>", "selu", "celu<2.0>",
        "softplus", "log_sigmoid", "sigmoid", "hard_sigmoid", "tanh", "hard_tanh"})
    BOOST_TEST((std::find(rising.begin(), rising.end(), name) != rising.end()), name << " is not known to rise");
}

BOOST_AUTO_TEST_CASE(what_is_said_to_rise_never_falls) {
  std::mt19937 engine(5);
  int said = 0;
  for (int i = 0; i < 20000; ++i) {
    const fg::expr::expression e = draw(engine);
    if (!fg::expr::is_rising(e, 0)) continue;
    ++said;
    for (const double y : {-1.5, 0.0, 2.5})
      BOOST_REQUIRE_MESSAGE(never_falls([&](double x) { return value_of(e, x, y); }),
                            "function " << i << " falls where the other argument is " << y);
  }
  BOOST_TEST(said > 1000);
}

BOOST_AUTO_TEST_SUITE_END()
