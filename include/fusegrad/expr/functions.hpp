// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/traced.hpp>

// The functions a traced value can be given to. They are found by argument-dependent lookup: write `exp(x)`, not
// `std::exp(x)`.
namespace fusegrad::expr::inline FUSEGRAD_ABI {

template <symbolic X> constexpr auto abs(const X& x) { return detail::apply<operation::abs>(x); }
/// -1, 0 or 1; its derivative is zero.
template <symbolic X> constexpr auto sign(const X& x) { return detail::apply<operation::sign>(x); }
template <symbolic X> constexpr auto square(const X& x) { return detail::apply<operation::multiply>(x, x); }
template <symbolic X> constexpr auto reciprocal(const X& x) { return detail::apply<operation::divide>(1, x); }
template <symbolic X> constexpr auto sqrt(const X& x) { return detail::apply<operation::sqrt>(x); }
/// One over the square root.
template <symbolic X> constexpr auto rsqrt(const X& x) { return detail::apply<operation::rsqrt>(x); }
template <symbolic X> constexpr auto exp(const X& x) { return detail::apply<operation::exp>(x); }
/// exp(x) - 1, accurate near zero.
template <symbolic X> constexpr auto expm1(const X& x) { return detail::apply<operation::expm1>(x); }
template <symbolic X> constexpr auto log(const X& x) { return detail::apply<operation::log>(x); }
/// log(1 + x), accurate near zero.
template <symbolic X> constexpr auto log1p(const X& x) { return detail::apply<operation::log1p>(x); }
template <symbolic X> constexpr auto sin(const X& x) { return detail::apply<operation::sin>(x); }
template <symbolic X> constexpr auto cos(const X& x) { return detail::apply<operation::cos>(x); }
template <symbolic X> constexpr auto tanh(const X& x) { return detail::apply<operation::tanh>(x); }
/// 1 / (1 + exp(-x)), with full relative accuracy for large negative x.
template <symbolic X> constexpr auto sigmoid(const X& x) { return detail::apply<operation::sigmoid>(x); }
/// log(1 + exp(x)), finite for every finite x.
template <symbolic X> constexpr auto softplus(const X& x) { return detail::apply<operation::softplus>(x); }
template <symbolic X> constexpr auto erf(const X& x) { return detail::apply<operation::erf>(x); }

/// x to a power, for x > 0.
template <class X, class Y>
  requires symbolic_operands<X, Y>
constexpr auto pow(const X& x, const Y& y) {
  return detail::apply<operation::power>(x, y);
}
/// x to an integer power by multiplication, for any x.
template <int Exponent, symbolic X> constexpr auto pow(const X& x) {
  static_assert(-32768 <= Exponent && Exponent <= 32767);
  return detail::record_or_defer(
      [](recorder& r, const int* nodes) { return traced{&r, r.build.make_integer_power(nodes[0], Exponent)}; }, x);
}

/// The smaller; at a tie the derivative is the second's, so `min(x, 0)` has derivative 0 at 0.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto min(const A& a, const B& b) {
  return detail::apply<operation::min>(a, b);
}
/// The larger; at a tie the derivative is the second's, so `max(x, 0)` has derivative 0 at 0.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto max(const A& a, const B& b) {
  return detail::apply<operation::max>(a, b);
}
template <class X, class Low, class High>
  requires symbolic_operands<X, Low, High>
constexpr auto clamp(const X& x, const Low& low, const High& high) {
  return min(max(x, low), high);
}
/// `condition ? a : b`; the derivative of the branch taken. Both are evaluated.
template <class C, class A, class B>
  requires symbolic_operands<C, A, B>
constexpr auto select(const C& condition, const A& a, const B& b) {
  return detail::apply<operation::select>(condition, a, b);
}
/// The value of x, taken as a constant by every derivative.
template <symbolic X> constexpr auto stop_gradient(const X& x) { return detail::apply<operation::stop_gradient>(x); }
/// The value of the first, the derivative of the second.
template <class A, class B>
  requires symbolic_operands<A, B>
constexpr auto surrogate(const A& value, const B& derivative_of) {
  return detail::apply<operation::surrogate>(value, derivative_of);
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
