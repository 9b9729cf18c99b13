// SPDX-License-Identifier: MIT
#include "expression_nodes.hpp"

#include <fusegrad/expr/operation_names.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace fusegrad::io::onnx {

namespace {

using expr::operation;

/// Writes the nodes of one expression, in their order.
class expression_writer {
public:
  expression_writer(model_file& file, const expr::expression& f, const std::vector<term>& arguments)
      : file_(file), f_(f), arguments_(arguments) {}

  /// Writes nothing where an operation has no form: `misfits` then names each of them once.
  std::vector<term> write(std::string& misfits) {
    misfits = words_of_misfits();
    if (!misfits.empty()) return {};
    for (const expr::node& n : f_.nodes) terms_.push_back(write(n));
    std::vector<term> results;
    for (const std::uint16_t result : f_.results) results.push_back(as_number(terms_[result]));
    return results;
  }

private:
  struct row {
    operation what;
    term (expression_writer::*write)(const expr::node&);
    std::string_view type{};
  };
  static const row rows[];
  static const row* row_of(operation op) noexcept;

  std::string words_of_misfits() const {
    std::vector<operation> named;
    std::string words;
    for (const expr::node& n : f_.nodes) {
      if (row_of(n.op) != nullptr || std::find(named.begin(), named.end(), n.op) != named.end()) continue;
      named.push_back(n.op);
      (words += words.empty() ? "it has no " : ", ") += name_of(n.op);
    }
    return words;
  }
  /// As it is written; those of higher orders come of derivatives, and none is in a prediction.
  static std::string_view name_of(operation op) noexcept {
    return op == operation::polygamma ? "digamma" : expr::name_of_operation(op);
  }
  /// There is a row for it.
  term write(const expr::node& n) {
    const row* const found = row_of(n.op);
    type_ = found->type;
    return (this->*found->write)(n);
  }

  term named(const expr::node& n) { return made(type_, operands(n)); }
  term compared(const expr::node& n) {
    term answer = made(type_, operands(n));
    answer.is_truth = true;
    return answer;
  }
  term argument(const expr::node& n) { return arguments_[n.a]; }
  term constant(const expr::node& n) { return constant(f_.constants[n.a]); }
  /// The value of the first operand alone.
  term first(const expr::node& n) { return terms_[n.a]; }
  term reciprocal_root(const expr::node& n) { return made("Reciprocal", {made("Sqrt", {as_number(terms_[n.a])})}); }
  term integer_power(const expr::node& n) {
    const term x = as_number(terms_[n.a]);
    const int exponent = static_cast<std::int16_t>(n.b);
    if (exponent == 2) return made("Mul", {x, x});
    if (exponent == -1) return made("Reciprocal", {x});
    return made("Pow", {x, constant(exponent)});
  }
  /// tanh(x / 2) (exp(x) + 1), which near 0 keeps the digits that exp(x) - 1 loses.
  term expm1(const expr::node& n) {
    const term x = as_number(terms_[n.a]);
    const term half = made("Tanh", {made("Mul", {x, constant(0.5)})});
    return made("Mul", {half, made("Add", {made("Exp", {x}), constant(1)})});
  }
  term log1p(const expr::node& n) { return made("Log", {made("Add", {as_number(terms_[n.a]), constant(1)})}); }
  term power_of_2(const expr::node& n) { return made("Pow", {constant(2), as_number(terms_[n.a])}); }
  term logarithm_of_2(const expr::node& n) { return scaled(made("Log", operands(n)), 1.4426950408889634); }
  term logarithm_of_10(const expr::node& n) { return scaled(made("Log", operands(n)), 0.43429448190325182); }
  term cube_root(const expr::node& n) {
    const term x = as_number(terms_[n.a]);
    return made("Mul", {made("Sign", {x}), made("Pow", {made("Abs", {x}), constant(1.0 / 3)})});
  }
  term complement_of_erf(const expr::node& n) { return made("Sub", {constant(1), made("Erf", operands(n))}); }
  term normal_distribution(const expr::node& n) {
    const term x = scaled(as_number(terms_[n.a]), 0.70710678118654752);
    return scaled(made("Add", {made("Erf", {x}), constant(1)}), 0.5);
  }
  term truncated(const term& x) { return made("Mul", {made("Sign", {x}), made("Floor", {made("Abs", {x})})}); }
  term truncation(const expr::node& n) { return truncated(as_number(terms_[n.a])); }
  /// Halves away from 0; ONNX's Round takes them to the next even number.
  term rounding(const expr::node& n) {
    const term x = as_number(terms_[n.a]), whole = truncated(x), rest = made("Abs", {made("Sub", {x, whole})});
    term is_up = made("LessOrEqual", {constant(0.5), rest});
    is_up.is_truth = true;
    return made("Add", {whole, made("Mul", {made("Sign", {x}), as_number(is_up)})});
  }
  /// The larger side times the root of 1 + ratio * ratio: the square of a side may be too large for a number. Sides are
  /// divided by what is neither 0 nor infinite, so that infinite ones have an infinite distance. Where both are below
  /// the least normal number, which runtimes may take for 0, the smaller one counts as less than it is.
  term distance(const expr::node& n) {
    using limits = std::numeric_limits<float>;
    const term a = made("Abs", {as_number(terms_[n.a])}), b = made("Abs", {as_number(terms_[n.b])});
    const term larger = made("Max", {a, b}), smaller = made("Min", {a, b});
    const term finite = made("Min", {larger, constant(limits::max())});
    const term quotient = made("Div", {smaller, made("Max", {finite, constant(limits::min())})});
    const term ratio = made("Min", {quotient, constant(1)});
    return made("Mul", {larger, made("Sqrt", {made("Add", {made("Mul", {ratio, ratio}), constant(1)})})});
  }
  term remainder(const expr::node& n) { return made("Mod", operands(n), {{"fmod", 1}}); }
  term maximum(const expr::node& n) {
    if (is_zero(n.b)) return made("Relu", {as_number(terms_[n.a])});
    if (is_zero(n.a)) return made("Relu", {as_number(terms_[n.b])});
    return named(n);
  }
  term select(const expr::node& n) {
    term condition = terms_[n.a];
    if (!condition.is_truth) condition.name = file_.node("Cast", {condition.name}, {{"to", boolean}});
    return made("Where", {condition, as_number(terms_[n.b]), as_number(terms_[n.c])});
  }

  bool is_zero(std::uint16_t i) const {
    const expr::node& n = f_.nodes[i];
    return n.op == operation::constant && f_.constants[n.a] == 0;
  }
  term scaled(const term& x, double factor) { return made("Mul", {x, constant(factor)}); }
  term constant(double value) { return {file_.number(static_cast<float>(value)), {}}; }

  std::vector<term> operands(const expr::node& n) {
    std::vector<term> read;
    const std::uint16_t places[] = {n.a, n.b, n.c};
    for (int i = 0; i < expr::operand_count(n.op); ++i) read.push_back(as_number(terms_[places[i]]));
    return read;
  }
  term as_number(term x) {
    if (x.is_truth) x = {file_.node("Cast", {x.name}, {{"to", number}}), x.shape, x.has_batch};
    return x;
  }
  term made(std::string_view type, const std::vector<term>& read, const attributes& settings = {}) {
    term result;
    names inputs;
    for (const term& x : read) {
      inputs.push_back(x.name);
      result.shape = joined(result.shape, x.shape);
      result.has_batch = result.has_batch || x.has_batch;
    }
    result.name = file_.node(type, inputs, settings);
    return result;
  }

  // Types of onnx.proto.
  static constexpr std::int64_t number = 1, boolean = 9;

  model_file& file_;
  const expr::expression& f_;
  const std::vector<term>& arguments_;
  std::vector<term> terms_;
  std::string_view type_;
};

const expression_writer::row expression_writer::rows[] = {
    {operation::argument, &expression_writer::argument},
    {operation::constant, &expression_writer::constant},
    {operation::add, &expression_writer::named, "Add"},
    {operation::subtract, &expression_writer::named, "Sub"},
    {operation::multiply, &expression_writer::named, "Mul"},
    {operation::divide, &expression_writer::named, "Div"},
    {operation::negate, &expression_writer::named, "Neg"},
    {operation::abs, &expression_writer::named, "Abs"},
    {operation::sign, &expression_writer::named, "Sign"},
    {operation::sqrt, &expression_writer::named, "Sqrt"},
    {operation::rsqrt, &expression_writer::reciprocal_root},
    {operation::power, &expression_writer::named, "Pow"},
    {operation::integer_power, &expression_writer::integer_power},
    {operation::exp, &expression_writer::named, "Exp"},
    {operation::expm1, &expression_writer::expm1},
    {operation::log, &expression_writer::named, "Log"},
    {operation::log1p, &expression_writer::log1p},
    {operation::sin, &expression_writer::named, "Sin"},
    {operation::cos, &expression_writer::named, "Cos"},
    {operation::tanh, &expression_writer::named, "Tanh"},
    {operation::sigmoid, &expression_writer::named, "Sigmoid"},
    {operation::softplus, &expression_writer::named, "Softplus"},
    {operation::erf, &expression_writer::named, "Erf"},
    {operation::tan, &expression_writer::named, "Tan"},
    {operation::asin, &expression_writer::named, "Asin"},
    {operation::acos, &expression_writer::named, "Acos"},
    {operation::atan, &expression_writer::named, "Atan"},
    {operation::sinh, &expression_writer::named, "Sinh"},
    {operation::cosh, &expression_writer::named, "Cosh"},
    {operation::asinh, &expression_writer::named, "Asinh"},
    {operation::acosh, &expression_writer::named, "Acosh"},
    {operation::atanh, &expression_writer::named, "Atanh"},
    {operation::exp2, &expression_writer::power_of_2},
    {operation::log2, &expression_writer::logarithm_of_2},
    {operation::log10, &expression_writer::logarithm_of_10},
    {operation::cbrt, &expression_writer::cube_root},
    {operation::erfc, &expression_writer::complement_of_erf},
    {operation::normal_cdf, &expression_writer::normal_distribution},
    {operation::floor, &expression_writer::named, "Floor"},
    {operation::ceil, &expression_writer::named, "Ceil"},
    {operation::round, &expression_writer::rounding},
    {operation::trunc, &expression_writer::truncation},
    {operation::hypot, &expression_writer::distance},
    {operation::fmod, &expression_writer::remainder},
    {operation::min, &expression_writer::named, "Min"},
    {operation::max, &expression_writer::maximum, "Max"},
    {operation::less, &expression_writer::compared, "Less"},
    {operation::less_equal, &expression_writer::compared, "LessOrEqual"},
    {operation::equal, &expression_writer::compared, "Equal"},
    {operation::select, &expression_writer::select},
    {operation::stop_gradient, &expression_writer::first},
    {operation::surrogate, &expression_writer::first},
};

const expression_writer::row* expression_writer::row_of(operation op) noexcept {
  const auto* const found = std::find_if(std::begin(rows), std::end(rows), [op](const row& r) { return r.what == op; });
  return found == std::end(rows) ? nullptr : found;
}

} // namespace

dimensions joined(const dimensions& a, const dimensions& b) {
  const dimensions &more = a.size() < b.size() ? b : a, &fewer = a.size() < b.size() ? a : b;
  dimensions shape = more;
  for (std::size_t i = 0; i < fewer.size(); ++i) {
    std::int64_t& extent = shape[shape.size() - fewer.size() + i];
    extent = std::max(extent, fewer[i]);
  }
  return shape;
}

std::vector<term> write_expression(model_file& file, const expr::expression& f, const std::vector<term>& arguments,
                                   std::string& misfits) {
  return expression_writer(file, f, arguments).write(misfits);
}

} // namespace fusegrad::io::onnx
