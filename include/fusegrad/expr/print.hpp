// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/fixed_string.hpp>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/operation_names.hpp>
#include <fusegrad/expr/recorded.hpp>
#include <string_view>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

namespace detail {

/// Writes a number as short as it can be while reading back as the same double.
constexpr void print_number(growing<char>& out, double value) {
  const auto put = [&](std::string_view text) {
    for (char c : text) out.push_back(c);
  };
  if (value != value) return put("nan");
  if (value < 0 || (value == 0 && std::bit_cast<std::uint64_t>(value) != 0)) {
    put("-");
    value = -value;
  }
  if (value > 1.7976931348623157e308) return put("inf");
  int exponent = 0;
  double mantissa = value;
  while (mantissa >= 1e16) mantissa /= 10, ++exponent;
  while (mantissa != 0 && mantissa < 1e-4) mantissa *= 10, --exponent;
  double scale = 1;
  int decimals = 0;
  while (decimals < 16 &&
         static_cast<double>(static_cast<unsigned long long>(mantissa * scale + 0.5)) / scale != mantissa &&
         mantissa * scale * 10 < 1e18) {
    scale *= 10;
    ++decimals;
  }
  auto digits = static_cast<unsigned long long>(mantissa * scale + 0.5);
  char reversed[24]{};
  int count = 0;
  do {
    reversed[count++] = static_cast<char>('0' + digits % 10);
    digits /= 10;
  } while (digits != 0 || count <= decimals);
  while (count > 0) {
    if (count == decimals) put(".");
    out.push_back(reversed[--count]);
  }
  if (exponent == 0) return;
  put(exponent < 0 ? "e-" : "e");
  print_number(out, exponent < 0 ? -exponent : exponent);
}

/// Writes an expression with no more parentheses than needed. What is used more than once is named first where writing
/// it out again would make the formula long.
class printer {
public:
  constexpr printer(const recording& recorded, growing<char>& out) : f_{recorded}, out_{out} {
    uses_.resize(f_.body.nodes.size());
    name_.resize(f_.body.nodes.size());
    for (const node n : f_.body.nodes) {
      const int operands = operand_count(n.op);
      if (operands > 0) ++uses_[n.a];
      if (operands > 1) ++uses_[n.b];
      if (operands > 2) ++uses_[n.c];
    }
  }

  constexpr void print() {
    if (expanded_size() > inline_limit) name_shared_nodes();
    const auto& results = f_.body.results;
    if (results.size() > 1) put("(");
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (i > 0) put(", ");
      write(results[i], lowest);
    }
    if (results.size() > 1) put(")");
  }

private:
  static constexpr int lowest = 0, comparison = 1, additive = 2, multiplicative = 3, prefix = 4, primary = 5;
  static constexpr double inline_limit = 40;

  /// How many nodes the formula has when everything shared is written out; a double because it can be astronomical.
  constexpr double expanded_size() const {
    growing<double> size;
    for (std::size_t i = 0; i < f_.body.nodes.size(); ++i) {
      const node n = f_.body.nodes[i];
      const int operands = static_cast<int>(i) == f_.primal ? 0 : operand_count(n.op);
      size.push_back(1 + (operands > 0 ? size[n.a] : 0) + (operands > 1 ? size[n.b] : 0) +
                     (operands > 2 ? size[n.c] : 0));
    }
    double total = 0;
    for (std::uint16_t result : f_.body.results) total += size[result];
    return total;
  }

  constexpr void name_shared_nodes() {
    int count = 0;
    for (std::size_t i = 0; i < f_.body.nodes.size(); ++i) {
      if (uses_[i] < 2 || operand_count(f_.body.nodes[i].op) == 0 || static_cast<int>(i) == f_.primal) continue;
      put("t");
      print_number(out_, count + 1);
      put(" = ");
      write(i, lowest);
      put("; ");
      name_[i] = ++count;
    }
  }

  constexpr void write(std::size_t i, int context) {
    const node n = f_.body.nodes[i];
    if (static_cast<int>(i) == f_.primal) return put("y");
    if (name_[i] != 0) {
      put("t");
      return print_number(out_, name_[i]);
    }
    switch (n.op) {
    case operation::argument: return write_argument(n.a);
    case operation::constant: return write_constant(f_.body.constants[n.a], context);
    case operation::add: return write_infix(n, " + ", additive, context);
    case operation::subtract: return write_infix(n, " - ", additive, context);
    case operation::multiply: return write_infix(n, "*", multiplicative, context);
    case operation::divide: return write_infix(n, "/", multiplicative, context);
    case operation::less: return write_infix(n, " < ", comparison, context);
    case operation::less_equal: return write_infix(n, " <= ", comparison, context);
    case operation::equal: return write_infix(n, " == ", comparison, context);
    case operation::negate: return write_negated(n, context);
    default: return write_call(n);
    }
  }

  constexpr void write_argument(std::size_t index) {
    const auto positional = static_cast<std::size_t>(f_.positional);
    if (index >= positional) return put(f_.leaves[index - positional].name);
    put("x");
    if (positional > 1) print_number(out_, static_cast<double>(index + 1));
  }

  constexpr void write_constant(double value, int context) {
    const bool parenthesised = value < 0 && context > additive;
    if (parenthesised) put("(");
    print_number(out_, value);
    if (parenthesised) put(")");
  }

  /// The association is part of the value, so an operand on the right keeps its parentheses: a*(b*c), a*(b/c), a + (b -
  /// c).
  constexpr void write_infix(const node& n, std::string_view sign, int own, int context) {
    const bool parenthesised = own < context;
    if (parenthesised) put("(");
    const node left = f_.body.nodes[n.a];
    if (left.op == operation::constant)
      print_number(out_, f_.body.constants[left.a]);
    else
      write(n.a, own);
    put(sign);
    write(n.b, own + 1);
    if (parenthesised) put(")");
  }

  constexpr void write_negated(const node& n, int context) {
    const bool parenthesised = context > additive;
    if (parenthesised) put("(");
    put("-");
    write(n.a, prefix);
    if (parenthesised) put(")");
  }

  constexpr void write_call(const node& n) {
    const bool is_digamma = n.op == operation::polygamma && n.b == 0;
    put(is_digamma ? "digamma" : name_of_operation(n.op));
    if (has_stored_number(n.op) && !is_digamma) {
      put("<");
      print_number(out_, static_cast<std::int16_t>(n.b));
      put(">");
    }
    const int operands = operand_count(n.op);
    put("(");
    write(n.a, lowest);
    if (operands > 1) put(", "), write(n.b, lowest);
    if (operands > 2) put(", "), write(n.c, lowest);
    put(")");
  }

  constexpr void put(std::string_view text) {
    for (char c : text) out_.push_back(c);
  }

  const recording& f_;
  growing<char>& out_;
  growing<int> uses_;
  growing<int> name_;
};

template <class Recipe, std::size_t Arity> constexpr growing<char> print_recipe() {
  growing<char> text;
  const recording recorded = recording_of<Recipe, Arity>();
  printer(recorded, text).print();
  return text;
}

template <class Recipe, std::size_t Arity> constexpr auto print_fixed() {
  constexpr std::size_t length = print_recipe<Recipe, Arity>().size();
  fixed_string<length> out;
  const growing<char> text = print_recipe<Recipe, Arity>();
  for (std::size_t i = 0; i < length; ++i) out.characters[i] = text[i];
  return out;
}

} // namespace detail

/// The formula of a recipe as text.
template <class Recipe, std::size_t Arity> inline constexpr auto printed = detail::print_fixed<Recipe, Arity>();

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
