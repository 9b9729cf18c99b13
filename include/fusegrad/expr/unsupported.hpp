// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/traced.hpp>

// What people reach for and the expression language does not have. Each is declared only to say so: without them the
// compilers list every overload in <cmath>.
namespace fusegrad::expr::inline FUSEGRAD_ABI {

// clang-format off
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"rint", T...> rint(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"nearbyint", T...> nearbyint(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"remainder", T...> remainder(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"tgamma", T...> tgamma(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"fmin", T...> fmin(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"fmax", T...> fmax(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"fma", T...> fma(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"ldexp", T...> ldexp(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"lerp", T...> lerp(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"isnan", T...> isnan(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"isinf", T...> isinf(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"isfinite", T...> isfinite(const T&...);
template <class... T> requires symbolic_operands<T...> is_not_an_operation<"signbit", T...> signbit(const T&...);
template <class A, class B> requires symbolic_operands<A, B> is_not_an_operation<"%", A, B> operator%(const A&, const B&);
template <class A, class B> requires symbolic_operands<A, B> is_not_an_operation<"&", A, B> operator&(const A&, const B&);
template <class A, class B> requires symbolic_operands<A, B> is_not_an_operation<"|", A, B> operator|(const A&, const B&);
template <class A, class B> requires symbolic_operands<A, B> is_not_an_operation<"^", A, B> operator^(const A&, const B&);
template <class A, class B> requires symbolic_operands<A, B> is_not_an_operation<"<<", A, B> operator<<(const A&, const B&);
template <class A, class B> requires symbolic_operands<A, B> is_not_an_operation<">>", A, B> operator>>(const A&, const B&);
// clang-format on

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
