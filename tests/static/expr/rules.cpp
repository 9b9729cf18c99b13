// SPDX-License-Identifier: MIT
#include <fusegrad/expr/calculus.hpp>
#include <utility>

// What each row of the table says that its derivative needs is what the derivative uses.
namespace {

using namespace fusegrad::expr;

/// What a derivative uses: it is recorded with the operands first and the result last.
struct uses {
  bool input = false;
  bool output = false;
  bool only_as_condition = true; ///< piecewise constant: nothing but comparisons looks at them
};

constexpr void note(uses& found, const recorder& r, int i, int operands) {
  const node n = r.build.at(i);
  if (n.op == operation::argument) {
    (n.a < operands ? found.input : found.output) = true;
    return;
  }
  if (is_comparison(n.op)) {
    uses compared;
    note(compared, r, n.a, operands);
    note(compared, r, n.b, operands);
    found.input |= compared.input;
    found.output |= compared.output;
    return;
  }
  const int count = operand_count(n.op);
  if (n.op != operation::select && count > 0) found.only_as_condition = false;
  if (count > 0) note(found, r, n.a, operands);
  if (count > 1) note(found, r, n.b, operands);
  if (count > 2) note(found, r, n.c, operands);
  if (n.op == operation::select && (!r.build.is_constant(n.b) || !r.build.is_constant(n.c)))
    found.only_as_condition = false;
}

constexpr needs needed(const uses& found) {
  if (!found.input && !found.output) return needs::none;
  if (found.only_as_condition) return needs::mask;
  if (found.input && found.output) return needs::input_and_output;
  return found.input ? needs::input : needs::output;
}

template <operation Op> constexpr needs measured() {
  constexpr int operands = operand_count(Op);
  recorder r(operands + 1);
  const traced a{&r, 0}, b{&r, 1}, result{&r, operands};
  uses found;
  const auto look_at = [&](int i) {
    if (i == no_node) return;
    if (r.build.at(i).op == operation::argument) found.only_as_condition = false;
    note(found, r, i, operands);
  };
  if constexpr (operands == 1) {
    look_at(detail::partial_node(r, rules::rule<Op>.derivative(a, result)));
  } else {
    look_at(detail::partial_node(r, rules::rule<Op>.first(a, b, result)));
    look_at(detail::partial_node(r, rules::rule<Op>.second(a, b, result)));
  }
  return needed(found);
}

// A stored number is no node; the derivatives of those operations are in differentiate.hpp. `select` has no row.
constexpr bool has_row(operation op) {
  return operand_count(op) > 0 && op != operation::select && !has_stored_number(op);
}

template <std::size_t I> constexpr bool declared_truly() {
  constexpr auto op = static_cast<operation>(I);
  if constexpr (!has_row(op))
    return true;
  else {
    static_assert(measured<op>() == rules::rule<op>.derivative_needs);
    return measured<op>() == rules::rule<op>.derivative_needs;
  }
}

template <std::size_t... I> constexpr bool all_declared_truly(std::index_sequence<I...>) {
  return (declared_truly<I>() && ...);
}
static_assert(all_declared_truly(std::make_index_sequence<operation_count>{}));

// The derivative of a branch not taken is not multiplied by zero: it does not appear.
static_assert(fusegrad::gradient([](auto x) { return select(x > 0, sqrt(x), 0); }).to_string() ==
              "select(0 < x, 0.5/sqrt(x), 0)");
static_assert(fusegrad::gradient([](auto x) { return max(sqrt(x), 1); }).to_string() ==
              "select(1 < y, 0.5/sqrt(x), 0)");

} // namespace
