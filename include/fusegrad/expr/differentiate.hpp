// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/recorder.hpp>
#include <fusegrad/expr/rules.hpp>
#include <utility>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// A derivative that is zero by construction has no node.
inline constexpr int no_node = -1;

namespace detail {

constexpr int partial_node(recorder&, zero_derivative) { return no_node; }
template <operand T> constexpr int partial_node(recorder& r, const T& x) { return resolve(r, x).index; }

/// Whether no row of the table has the partial derivatives: arguments and constants have none, `select` hands on what
/// its branches have, and where a node stores a number `partial_derivative` needs that.
constexpr bool has_no_partial_rule(operation op) {
  return op == operation::argument || op == operation::constant || op == operation::select || has_stored_number(op);
}

/// The partial derivative of operation `Op` with respect to its operand number `which`, by its rule.
template <operation Op> constexpr int partial(recorder& r, traced a, traced b, traced y, int which) {
  if constexpr (has_no_partial_rule(Op))
    return no_node;
  else if constexpr (operand_count(Op) == 1)
    return partial_node(r, rules::rule<Op>.derivative(a, y));
  else
    return which == 0 ? partial_node(r, rules::rule<Op>.first(a, b, y))
                      : partial_node(r, rules::rule<Op>.second(a, b, y));
}

using partial_of_rule = int (*)(recorder&, traced, traced, traced, int);
template <class Operations> struct partials_of;
template <std::size_t... Op> struct partials_of<std::index_sequence<Op...>> {
  static constexpr partial_of_rule table[] = {&partial<static_cast<operation>(Op)>...};
};

/// The same at node `y`, whatever its operation is.
constexpr int partial_derivative(recorder& r, int y, int which) {
  const node n = r.build.at(y);
  if (n.op == operation::polygamma) return r.build.make_polygamma(n.a, n.b + 1);
  if (n.op == operation::integer_power) {
    const int exponent = static_cast<std::int16_t>(n.b);
    return partial_node(r, exponent * traced{&r, r.build.make_integer_power(n.a, exponent - 1)});
  }
  constexpr auto& table = partials_of<std::make_index_sequence<operation_count>>::table;
  return table[static_cast<std::size_t>(n.op)](r, {&r, n.a}, {&r, n.b}, {&r, y}, which);
}

constexpr bool is_zero(const recorder& r, int i) { return r.build.is_constant(i, 0.0); }

/// Calls `visit(node)` for the terms of a sum, from the last to the first, without signs and constant factors:
/// not by recursion, since a sum may have thousands of terms. It ends where `visit` gives false.
template <class Visit> constexpr bool for_each_term(const recorder& r, int i, Visit&& visit) {
  const auto stands_for_others = [&](const node& n) {
    return n.op == operation::add || n.op == operation::subtract || n.op == operation::negate ||
           (n.op == operation::multiply && r.build.is_constant(n.a));
  };
  if (const node only = r.build.at(i); !stands_for_others(only)) return visit(only); // most often, and without memory
  growing<int> left;
  left.push_back(i);
  while (left.size() > 0) {
    const node n = r.build.at(left.back());
    left.pop_back();
    if (!stands_for_others(n)) {
      if (!visit(n)) return false;
    } else {
      if (n.op != operation::multiply) left.push_back(n.a);
      if (n.op != operation::negate) left.push_back(n.b);
    }
  }
  return true;
}

/// Whether node `i` is a term that is zero under a condition, or a sum of such terms.
constexpr bool is_guarded(const recorder& r, int i) {
  return for_each_term(
      r, i, [&](const node& n) { return n.op == operation::select && (is_zero(r, n.b) || is_zero(r, n.c)); });
}

/// A node that is 1 where one of the branches behind the guarded node `i` is taken, else node `otherwise`. A sum within
/// a branch is not looked into: it has been through `explicitly_guarded`.
constexpr int reached(recorder& r, int i, int otherwise) {
  for_each_term(r, i, [&](const node& n) {
    const bool zero_is_second = is_zero(r, n.c);
    const int branch = zero_is_second ? n.b : n.c;
    const bool is_nested = r.build.at(branch).op == operation::select && is_guarded(r, branch);
    const int taken = is_nested ? reached(r, branch, otherwise) : r.build.constant(1);
    otherwise = zero_is_second ? r.build.make(operation::select, n.a, taken, otherwise)
                               : r.build.make(operation::select, n.a, otherwise, taken);
    return true;
  });
  return otherwise;
}

/// The same number, where it is a sum of guarded terms as one guarded term: zero times infinity is no number, so what
/// multiplies the sum has to see where none of the branches is taken.
constexpr int explicitly_guarded(recorder& r, int i) {
  if (i == no_node || r.build.at(i).op == operation::select || !is_guarded(r, i)) return i;
  const int zero = r.build.constant(0);
  const int condition = reached(r, i, zero);
  return r.build.make(operation::select, condition, i, zero);
}

/// The sum of two terms; two that hang on the same condition become one `select` where that saves an addition.
constexpr int sum(recorder& r, int a, int b) {
  if (a == no_node) return b;
  if (b == no_node) return a;
  const node p = r.build.at(a), q = r.build.at(b);
  if (p.op == operation::select && q.op == operation::select && p.a == q.a) {
    const bool first = is_zero(r, p.b) || is_zero(r, q.b), second = is_zero(r, p.c) || is_zero(r, q.c);
    const bool both_first = is_zero(r, p.b) && is_zero(r, q.b), both_second = is_zero(r, p.c) && is_zero(r, q.c);
    const auto branch = [&](int x, int y) { return is_zero(r, x) ? y : is_zero(r, y) ? x : sum(r, x, y); };
    if ((first && second) || both_first || both_second) {
      const int when_true = branch(p.b, q.b), when_false = branch(p.c, q.c);
      return r.build.make(operation::select, p.a, when_true, when_false);
    }
  }
  return r.build.make(operation::add, a, b);
}

/// `factor * term` within the branches that are taken.
constexpr int product_in_branches(recorder& r, int factor, int term) {
  const node f = r.build.at(factor), t = r.build.at(term);
  if (f.op == operation::select && is_zero(r, f.c))
    return r.build.make(f.op, f.a, product_in_branches(r, f.b, term), f.c);
  if (f.op == operation::select && is_zero(r, f.b))
    return r.build.make(f.op, f.a, f.b, product_in_branches(r, f.c, term));
  if (t.op == operation::select && is_zero(r, t.c))
    return r.build.make(t.op, t.a, product_in_branches(r, factor, t.b), t.c);
  if (t.op == operation::select && is_zero(r, t.b))
    return r.build.make(t.op, t.a, t.b, product_in_branches(r, factor, t.c));
  if (f.op == operation::divide && r.build.is_constant(f.a, 1)) return r.build.make(f.op, term, f.b);
  return r.build.make(operation::multiply, factor, term);
}

/// `factor * term`, where a factor or a term that is zero under a condition stays exactly zero: what a branch not taken
/// contributes is not multiplied, so that an infinite slope there does no harm.
constexpr int product(recorder& r, int factor, int term) {
  return product_in_branches(r, factor, r.build.is_constant(factor) ? term : explicitly_guarded(r, term));
}

/// `term` times the partial derivative of `y`; nothing where either is zero by construction.
constexpr int scaled_by_partial(recorder& r, int y, int which, int term) {
  if (term == no_node) return no_node;
  const int factor = partial_derivative(r, y, which);
  return factor == no_node ? no_node : product(r, factor, term);
}

/// Which of the first `count` nodes depend on one of `arguments`.
constexpr growing<bool> depending_on(const recorder& r, const growing<int>& arguments, int count) {
  growing<bool> depends;
  depends.resize(static_cast<std::size_t>(count));
  for (int i : arguments)
    if (i < count) depends[static_cast<std::size_t>(i)] = true;
  for (int i = 0; i < count; ++i) {
    const node n = r.build.at(i);
    const int operands = operand_count(n.op);
    const bool any = (operands > 0 && depends[n.a]) || (operands > 1 && depends[n.b]) || (operands > 2 && depends[n.c]);
    if (any) depends[static_cast<std::size_t>(i)] = true;
  }
  return depends;
}

/// Which of the first `count` nodes are read on the way to one of `of`. A recorder that was differentiated before holds
/// much else, and derivatives of derivatives of that would double it each time.
constexpr growing<bool> read_by(const recorder& r, const growing<int>& of, int count) {
  growing<bool> read;
  read.resize(static_cast<std::size_t>(count));
  for (int i : of) read[static_cast<std::size_t>(i)] = true;
  for (int i = count - 1; i >= 0; --i) {
    if (!read[static_cast<std::size_t>(i)]) continue;
    const node n = r.build.at(i);
    const int operands = operand_count(n.op);
    if (operands > 0) read[n.a] = true;
    if (operands > 1) read[n.b] = true;
    if (operands > 2) read[n.c] = true;
  }
  return read;
}

constexpr int or_zero(recorder& r, int i) { return i == no_node ? r.build.constant(0) : i; }

constexpr int tangent_of_select(recorder& r, const node& n, int when_true, int when_false) {
  if (when_true == no_node && when_false == no_node) return no_node;
  if (when_false == no_node) when_true = explicitly_guarded(r, when_true);
  if (when_true == no_node) when_false = explicitly_guarded(r, when_false);
  const int first = or_zero(r, when_true), second = or_zero(r, when_false);
  return r.build.make(operation::select, n.a, first, second);
}

} // namespace detail

/// Forward mode: the derivative of node `of` in the direction in which argument node i moves by node `seeds[i]`
/// (`no_node`: not at all). A `select` takes the derivative of the branch it takes, so an infinite slope in the other
/// branch does no harm.
constexpr growing<int> tangents(recorder& r, const growing<int>& arguments, const growing<int>& seeds,
                                const growing<int>& of) {
  int last = 0;
  for (int i : of) last = i > last ? i : last;
  const growing<bool> is_read = detail::read_by(r, of, last + 1);
  growing<int> tangent;
  for (int i = 0; i <= last; ++i) tangent.push_back(no_node);
  for (std::size_t k = 0; k < arguments.size(); ++k)
    if (arguments[k] <= last) tangent[static_cast<std::size_t>(arguments[k])] = seeds[k];
  for (int i = 0; i <= last; ++i) {
    const node n = r.build.at(i);
    const int operands = operand_count(n.op);
    int& t = tangent[static_cast<std::size_t>(i)];
    // An argument may itself be a computed node, where one traced function calls another.
    if (operands == 0 || t != no_node || !is_read[static_cast<std::size_t>(i)]) continue;
    if (n.op == operation::select) {
      t = detail::tangent_of_select(r, n, tangent[n.b], tangent[n.c]);
      continue;
    }
    t = detail::scaled_by_partial(r, i, 0, tangent[n.a]);
    if (operands == 2) t = detail::sum(r, t, detail::scaled_by_partial(r, i, 1, tangent[n.b]));
  }
  growing<int> out;
  for (int i : of) out.push_back(tangent[static_cast<std::size_t>(i)]);
  return out;
}

/// Reverse mode: what the nodes `arguments` contribute to the sum of the nodes `of`, each weighted by its `seed`.
constexpr growing<int> adjoints(recorder& r, const growing<int>& of, const growing<int>& seeds,
                                const growing<int>& arguments) {
  int last = 0;
  for (int i : of) last = i > last ? i : last;
  growing<int> adjoint;
  for (int i = 0; i <= last; ++i) adjoint.push_back(no_node);
  const auto add = [&](int to, int term) {
    int& slot = adjoint[static_cast<std::size_t>(to)];
    slot = detail::sum(r, slot, term);
  };
  const growing<bool> wanted = detail::depending_on(r, arguments, last + 1);
  for (std::size_t k = 0; k < of.size(); ++k) add(of[k], seeds[k]);
  for (int i = last; i >= 0; --i) {
    const int seed = adjoint[static_cast<std::size_t>(i)];
    const node n = r.build.at(i);
    if (seed == no_node || !wanted[static_cast<std::size_t>(i)]) continue;
    if (n.op == operation::select) {
      const int zero = r.build.constant(0), term = detail::explicitly_guarded(r, seed);
      if (wanted[n.b]) add(n.b, r.build.make(operation::select, n.a, term, zero));
      if (wanted[n.c]) add(n.c, r.build.make(operation::select, n.a, zero, term));
      continue;
    }
    const int operands = operand_count(n.op);
    if (operands > 0 && wanted[n.a]) add(n.a, detail::scaled_by_partial(r, i, 0, seed));
    if (operands > 1 && wanted[n.b]) add(n.b, detail::scaled_by_partial(r, i, 1, seed));
  }
  growing<int> out;
  for (int i : arguments) out.push_back(i <= last ? adjoint[static_cast<std::size_t>(i)] : no_node);
  return out;
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
