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
using math::tan, math::asin, math::acos, math::atan, math::sinh, math::cosh, math::asinh, math::acosh, math::atanh,
    math::exp2, math::log2, math::log10, math::cbrt, math::erfc, math::normal_cdf, math::lgamma, math::floor,
    math::ceil, math::round, math::trunc, math::atan2, math::hypot, math::copysign, math::fmod;

inline constexpr double two_over_root_pi = 1.1283791670955125739;
inline constexpr double one_over_root_two_pi = 0.39894228040143267794;
inline constexpr double log_2 = 0.69314718055994530942, log2_e = 1.4426950408889634074,
                        log10_e = 0.43429448190325182765;
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
template <> inline constexpr auto rule<operation::surrogate>  = binary_rule{"surrogate", needs::none, [](auto a, [[maybe_unused]] auto b) { if constexpr (requires { surrogate(a, b); }) return surrogate(a, b); else return a; }, zero, one};
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
template <> inline constexpr auto rule<operation::tan> = unary_rule{"tan", needs::output, [](auto x) { return tan(x); }, [](auto, auto y) { return 1 + y * y; }};
template <> inline constexpr auto rule<operation::asin> = unary_rule{"asin", needs::input, [](auto x) { return asin(x); }, [](auto x, auto) { return rsqrt((1 - x) * (1 + x)); }};
template <> inline constexpr auto rule<operation::acos> = unary_rule{"acos", needs::input, [](auto x) { return acos(x); }, [](auto x, auto) { return -rsqrt((1 - x) * (1 + x)); }};
template <> inline constexpr auto rule<operation::atan> = unary_rule{"atan", needs::input, [](auto x) { return atan(x); }, [](auto x, auto) { return 1 / (1 + x * x); }};
template <> inline constexpr auto rule<operation::sinh> = unary_rule{"sinh", needs::input, [](auto x) { return sinh(x); }, [](auto x, auto) { return cosh(x); }};
template <> inline constexpr auto rule<operation::cosh> = unary_rule{"cosh", needs::input, [](auto x) { return cosh(x); }, [](auto x, auto) { return sinh(x); }};
template <> inline constexpr auto rule<operation::asinh> = unary_rule{"asinh", needs::input, [](auto x) { return asinh(x); }, [](auto x, auto) { return rsqrt(1 + x * x); }};
template <> inline constexpr auto rule<operation::acosh> = unary_rule{"acosh", needs::input, [](auto x) { return acosh(x); }, [](auto x, auto) { return rsqrt((x - 1) * (x + 1)); }};
template <> inline constexpr auto rule<operation::atanh> = unary_rule{"atanh", needs::input, [](auto x) { return atanh(x); }, [](auto x, auto) { return 1 / ((1 - x) * (1 + x)); }};
template <> inline constexpr auto rule<operation::exp2> = unary_rule{"exp2", needs::output, [](auto x) { return exp2(x); }, [](auto, auto y) { return log_2 * y; }};
template <> inline constexpr auto rule<operation::log2> = unary_rule{"log2", needs::input, [](auto x) { return log2(x); }, [](auto x, auto) { return log2_e / x; }};
template <> inline constexpr auto rule<operation::log10> = unary_rule{"log10", needs::input, [](auto x) { return log10(x); }, [](auto x, auto) { return log10_e / x; }};
template <> inline constexpr auto rule<operation::cbrt> = unary_rule{"cbrt", needs::output, [](auto x) { return cbrt(x); }, [](auto, auto y) { return 1 / (3 * (y * y)); }};
template <> inline constexpr auto rule<operation::erfc> = unary_rule{"erfc", needs::input, [](auto x) { return erfc(x); }, [](auto x, auto) { return -two_over_root_pi * exp(-(x * x)); }};
template <> inline constexpr auto rule<operation::normal_cdf> = unary_rule{"normal_cdf", needs::input, [](auto x) { return normal_cdf(x); }, [](auto x, auto) { return one_over_root_two_pi * exp(-0.5 * (x * x)); }};
template <> inline constexpr auto rule<operation::lgamma> = unary_rule{"lgamma", needs::input, [](auto x) { return lgamma(x); }, [](auto x, auto) { return digamma(x); }};
template <> inline constexpr auto rule<operation::polygamma> = unary_rule{"polygamma", needs::input, [](auto x) { return x; }, zero};
template <> inline constexpr auto rule<operation::floor> = unary_rule{"floor", needs::none, [](auto x) { return floor(x); }, zero};
template <> inline constexpr auto rule<operation::ceil> = unary_rule{"ceil", needs::none, [](auto x) { return ceil(x); }, zero};
template <> inline constexpr auto rule<operation::round> = unary_rule{"round", needs::none, [](auto x) { return round(x); }, zero};
template <> inline constexpr auto rule<operation::trunc> = unary_rule{"trunc", needs::none, [](auto x) { return trunc(x); }, zero};
template <> inline constexpr auto rule<operation::atan2> = binary_rule{"atan2", needs::input, [](auto a, auto b) { return atan2(a, b); }, [](auto a, auto b, auto) { return b / hypot(a, b) / hypot(a, b); }, [](auto a, auto b, auto) { return -(a / hypot(a, b) / hypot(a, b)); }};
template <> inline constexpr auto rule<operation::hypot> = binary_rule{"hypot", needs::input_and_output, [](auto a, auto b) { return hypot(a, b); }, [](auto a, auto, auto y) { return select(y == 0, 0, a / y); }, [](auto, auto b, auto y) { return select(y == 0, 0, b / y); }};
template <> inline constexpr auto rule<operation::copysign> = binary_rule{"copysign", needs::input, [](auto a, auto b) { return copysign(a, b); }, [](auto a, auto b, auto) { return sign(a) * copysign(1, b); }, zero};
template <> inline constexpr auto rule<operation::fmod> = binary_rule{"fmod", needs::input, [](auto a, auto b) { return fmod(a, b); }, one, [](auto a, auto b, auto) { return -trunc(a / b); }};
template <> inline constexpr auto rule<operation::stop_gradient> = unary_rule{"stop_gradient", needs::none, [](auto x) { if constexpr (requires { stop_gradient(x); }) return stop_gradient(x); else return x; }, zero};
// clang-format on
} // namespace rules

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
