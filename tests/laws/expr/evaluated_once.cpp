// SPDX-License-Identifier: MIT
#include <fusegrad/expr/calculus.hpp>

#include <boost/test/unit_test.hpp>

// Each node is evaluated exactly once: a number type that counts what is done with it.
namespace {

namespace fg = fusegrad;

struct counting {
  double value = 0;
  static inline int operations = 0;

  counting() = default;
  explicit counting(double v) : value{v} {}
  static counting counted(double v) {
    ++operations;
    return counting(v);
  }
  friend counting operator+(counting a, counting b) { return counted(a.value + b.value); }
  friend counting operator-(counting a, counting b) { return counted(a.value - b.value); }
  friend counting operator*(counting a, counting b) { return counted(a.value * b.value); }
  friend bool operator<(counting a, counting b) { return a.value < b.value; }
  friend counting select(bool c, counting a, counting b) { return c ? a : b; }
  friend counting sin(counting x) { return counted(fg::math::sin(x.value)); }
  friend counting cos(counting x) { return counted(fg::math::cos(x.value)); }
  friend counting exp(counting x) { return counted(fg::math::exp(x.value)); }
  friend counting tanh(counting x) { return counted(fg::math::tanh(x.value)); }
};

/// Nodes that compute something: neither leaves nor comparisons nor choices.
template <class Table> constexpr int computing_nodes(const Table& table) {
  int count = 0;
  for (std::size_t i = 0; i < table.node_count; ++i) {
    const auto op = table[i].op;
    if (fg::expr::operand_count(op) > 0 && !fg::expr::is_comparison(op) && op != fg::expr::operation::select) ++count;
  }
  return count;
}

template <class F> int operations_of(F f, double x) {
  counting::operations = 0;
  static_cast<void>(f(counting(x)));
  return counting::operations;
}

template <class F> void check_counts(F f, int expected) {
  constexpr auto value = fg::function(F{});
  constexpr auto first = fg::derivative(F{});
  constexpr auto second = fg::derivative(first);
  static_cast<void>(f);
  BOOST_TEST(operations_of(value, 0.5) == expected);
  BOOST_TEST(computing_nodes(value.template table<>) == expected);
  BOOST_TEST(operations_of(first, 0.5) == computing_nodes(first.template table<>));
  BOOST_TEST(operations_of(second, 0.5) == computing_nodes(second.template table<>));
}

BOOST_AUTO_TEST_SUITE(expr_evaluated_once)

BOOST_AUTO_TEST_CASE(repeated_parts_are_shared) {
  check_counts([](auto x) { return sin(x) * exp(x) + sin(x) * exp(x); }, 4);
  check_counts([](auto x) { return tanh(sin(x)) + cos(sin(x)) * tanh(sin(x)); }, 5);
  check_counts([](auto x) { return select(x < 0, exp(x) - 1, x * exp(x)); }, 3);
}

BOOST_AUTO_TEST_CASE(a_chain_of_doublings_stays_linear) {
  check_counts(
      [](auto x) {
        for (int i = 0; i < 10; ++i) x = sin(x) * exp(x);
        return x;
      },
      30);
}

BOOST_AUTO_TEST_CASE(a_derivative_costs_a_small_multiple) {
  constexpr auto f = [](auto x) {
    for (int i = 0; i < 10; ++i) x = sin(x) * exp(x);
    return x;
  };
  BOOST_TEST(operations_of(fg::derivative(f), 0.5) <= 4 * operations_of(fg::function(f), 0.5));
  BOOST_TEST(operations_of(fg::gradient(f), 0.5) <= 4 * operations_of(fg::function(f), 0.5));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
