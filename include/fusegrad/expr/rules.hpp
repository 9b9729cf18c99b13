// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/expr/functions.hpp>
#include <fusegrad/expr/operation.hpp>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/math/vector.hpp>
#include <string_view>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// What the derivative of an operation is computed from, and so what a backward pass has to keep.
/// `mask` is one bit: where the output stands on one side of a kink.
enum class needs : std::uint8_t { none, input, output, input_and_output, mask };

/// A partial derivative that is zero by construction: it contributes no term at all.
struct zero_derivative {};

/// An operation of one operand: its value, and its derivative from the operand `x` and the result `y`.
template <class Value, class Derivative> struct unary_rule {
  std::string_view name;
  needs derivative_needs;
  Value value;
  Derivative derivative;
};

/// An operation of two operands: its value, and the two partial derivatives from the operands `a`, `b` and the result
/// `y`.
template <class Value, class First, class Second> struct binary_rule {
  std::string_view name;
  needs derivative_needs;
  Value value;
  First first;
  Second second;
};

template <class V, class D> unary_rule(std::string_view, needs, V, D) -> unary_rule<V, D>;
template <class V, class F, class S> binary_rule(std::string_view, needs, V, F, S) -> binary_rule<V, F, S>;

/// The table of operations: one row, one line each. `select` has three operands and `pow<N>` a constant exponent; they
/// are completed in differentiate.hpp and evaluate.hpp.
namespace rules {
using math::abs, math::sign, math::sqrt, math::rsqrt, math::exp, math::expm1, math::log, math::log1p, math::sin,
    math::cos, math::tanh, math::sigmoid, math::softplus, math::erf, math::pow, math::min, math::max, math::select;

inline constexpr double two_over_root_pi = 1.1283791670955125739;
inline constexpr auto zero = [](auto...) { return zero_derivative{}; };
/// Rounded before it is added to anything: else the compiler may fuse the two in one place and not in the next, and the
/// same element would have other bits in the rest of a loop than in its body.
inline constexpr auto product = [](auto a, auto b) {
  using math::rounded;
  if constexpr (requires { rounded(a * b); })
    return rounded(a * b);
  else
    return a * b;
};
inline constexpr auto one = [](auto...) { return 1; };

template <operation> inline constexpr int rule = 0;
// clang-format off
template <> inline constexpr auto rule<operation::add>      = binary_rule{"+", needs::none, [](auto a, auto b) { return a + b; }, one, one};
template <> inline constexpr auto rule<operation::subtract> = binary_rule{"-", needs::none, [](auto a, auto b) { return a - b; }, one, [](auto...) { return -1; }};
template <> inline constexpr auto rule<operation::multiply> = binary_rule{"*", needs::input, product, [](auto, auto b, auto) { return b; }, [](auto a, auto, auto) { return a; }};
template <> inline constexpr auto rule<operation::divide>   = binary_rule{"/", needs::input_and_output, [](auto a, auto b) { return a / b; }, [](auto, auto b, auto) { return 1 / b; }, [](auto, auto b, auto y) { return -(y / b); }};
template <> inline constexpr auto rule<operation::power>    = binary_rule{"pow", needs::input_and_output, [](auto a, auto b) { return pow(a, b); }, [](auto a, auto b, auto) { return select(b == 0, 0, b * pow(a, b - 1)); }, [](auto a, auto b, auto y) { return select(a == 0, select(b < 0, -y, 0), y * log(a)); }};
template <> inline constexpr auto rule<operation::min>      = binary_rule{"min", needs::mask, [](auto a, auto b) { return min(a, b); }, [](auto, auto b, auto y) { return select(y < b, 1, 0); }, [](auto, auto b, auto y) { return select(y < b, 0, 1); }};
template <> inline constexpr auto rule<operation::max>      = binary_rule{"max", needs::mask, [](auto a, auto b) { return max(a, b); }, [](auto, auto b, auto y) { return select(y > b, 1, 0); }, [](auto, auto b, auto y) { return select(y > b, 0, 1); }};
template <> inline constexpr auto rule<operation::less>       = binary_rule{"<", needs::none, [](auto a, auto b) { return select(a < b, decltype(a)(1), decltype(a)(0)); }, zero, zero};
template <> inline constexpr auto rule<operation::less_equal> = binary_rule{"<=", needs::none, [](auto a, auto b) { return select(a <= b, decltype(a)(1), decltype(a)(0)); }, zero, zero};
template <> inline constexpr auto rule<operation::equal>      = binary_rule{"==", needs::none, [](auto a, auto b) { return select(a == b, decltype(a)(1), decltype(a)(0)); }, zero, zero};
template <> inline constexpr auto rule<operation::surrogate>  = binary_rule{"surrogate", needs::none, [](auto a, auto) { return a; }, zero, one};
template <> inline constexpr auto rule<operation::negate>   = unary_rule{"-", needs::none, [](auto x) { return -x; }, [](auto...) { return -1; }};
template <> inline constexpr auto rule<operation::abs>      = unary_rule{"abs", needs::input, [](auto x) { return abs(x); }, [](auto x, auto) { return sign(x); }};
template <> inline constexpr auto rule<operation::sign>     = unary_rule{"sign", needs::none, [](auto x) { return sign(x); }, zero};
template <> inline constexpr auto rule<operation::sqrt>     = unary_rule{"sqrt", needs::output, [](auto x) { return sqrt(x); }, [](auto, auto y) { return 0.5 / y; }};
template <> inline constexpr auto rule<operation::rsqrt>    = unary_rule{"rsqrt", needs::output, [](auto x) { return rsqrt(x); }, [](auto, auto y) { return -0.5 * (y * y * y); }};
template <> inline constexpr auto rule<operation::integer_power> = unary_rule{"pow", needs::input, [](auto x) { return x; }, zero};
template <> inline constexpr auto rule<operation::exp>      = unary_rule{"exp", needs::output, [](auto x) { return exp(x); }, [](auto, auto y) { return y; }};
template <> inline constexpr auto rule<operation::expm1>    = unary_rule{"expm1", needs::output, [](auto x) { return expm1(x); }, [](auto, auto y) { return y + 1; }};
template <> inline constexpr auto rule<operation::log>      = unary_rule{"log", needs::input, [](auto x) { return log(x); }, [](auto x, auto) { return 1 / x; }};
template <> inline constexpr auto rule<operation::log1p>    = unary_rule{"log1p", needs::input, [](auto x) { return log1p(x); }, [](auto x, auto) { return 1 / (1 + x); }};
template <> inline constexpr auto rule<operation::sin>      = unary_rule{"sin", needs::input, [](auto x) { return sin(x); }, [](auto x, auto) { return cos(x); }};
template <> inline constexpr auto rule<operation::cos>      = unary_rule{"cos", needs::input, [](auto x) { return cos(x); }, [](auto x, auto) { return -sin(x); }};
template <> inline constexpr auto rule<operation::tanh>     = unary_rule{"tanh", needs::output, [](auto x) { return tanh(x); }, [](auto, auto y) { return 1 - y * y; }};
template <> inline constexpr auto rule<operation::sigmoid>  = unary_rule{"sigmoid", needs::output, [](auto x) { return sigmoid(x); }, [](auto, auto y) { return y * (1 - y); }};
template <> inline constexpr auto rule<operation::softplus> = unary_rule{"softplus", needs::input, [](auto x) { return softplus(x); }, [](auto x, auto) { return sigmoid(x); }};
template <> inline constexpr auto rule<operation::erf>      = unary_rule{"erf", needs::input, [](auto x) { return erf(x); }, [](auto x, auto) { return two_over_root_pi * exp(-(x * x)); }};
template <> inline constexpr auto rule<operation::stop_gradient> = unary_rule{"stop_gradient", needs::none, [](auto x) { return x; }, zero};
// clang-format on
} // namespace rules

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
