// SPDX-License-Identifier: MIT
#include <fusegrad/expr/hoist.hpp>

#include <fusegrad/expr/calculus.hpp>

#include <boost/test/unit_test.hpp>

namespace {

namespace fg = fusegrad;
using namespace fg::expr;
using fg::growing;

constexpr auto adam = [](auto weight, auto gradient, auto step, auto first, auto second) {
  const auto m = 0.9 * first + 0.1 * gradient;
  const auto v = 0.99 * second + 0.01 * square(gradient);
  const auto corrected = m / (1 - pow(0.9, step));
  return fg::values(weight - 0.1 * corrected / (sqrt(v / (1 - pow(0.99, step))) + 1e-8), m, v, step + 1);
};

constexpr hoisted cut(int uniform_argument) {
  growing<bool> uniform;
  for (int i = 0; i < 5; ++i) uniform.push_back(i == uniform_argument);
  return hoist(recording_of<recipe_of<decltype(adam)>, 5>().body, uniform);
}
constexpr int step = 2, none = -1;

struct prologue_maker {
  static constexpr expression make() { return cut(step).prologue; }
};
struct body_maker {
  static constexpr expression make() { return cut(step).body; }
};

constexpr int powers(const expression& e) {
  int count = 0;
  for (const node n : e.nodes) count += n.op == operation::power;
  return count;
}

static_assert(cut(step).varying == 4);
static_assert(powers(cut(step).prologue) == 2 && powers(cut(step).body) == 0);
static_assert(cut(step).body.arguments == 4 + 3);

// Nothing is uniform: the prologue is empty, and the body is the whole.
static_assert(cut(none).prologue.nodes.empty() && cut(none).varying == 5);
static_assert(cut(none).body == recording_of<recipe_of<decltype(adam)>, 5>().body);
struct empty_prologue {
  static constexpr expression make() { return cut(none).prologue; }
};

BOOST_AUTO_TEST_SUITE(expr_hoist)

BOOST_AUTO_TEST_CASE(prologue_and_body_give_what_the_whole_gives) {
  const double arguments[5]{0.5, -2, 3, 0.25, 0.75};
  double whole[4]{}, uniform[3]{}, found[4]{};
  evaluate<fg::function(adam).table<>>(arguments, whole);
  evaluate<table_from<prologue_maker>>(arguments, uniform);
  const double body[7]{0.5, -2, 0.25, 0.75, uniform[0], uniform[1], uniform[2]};
  evaluate<table_from<body_maker>>(body, found);
  for (int i = 0; i < 4; ++i) BOOST_TEST(found[i] == whole[i]);
}

BOOST_AUTO_TEST_CASE(an_empty_prologue_is_a_table_like_any_other) {
  const double arguments[5]{};
  double nothing[1]{7};
  evaluate<table_from<empty_prologue>>(arguments, nothing);
  BOOST_TEST(nothing[0] == 7.0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
