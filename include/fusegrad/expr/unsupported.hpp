// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/traced.hpp>

// What people reach for and the expression language does not have. Each is declared only to say so: without them the
// compilers list every overload in <cmath>.
namespace fusegrad::expr::inline FUSEGRAD_ABI {

namespace detail {
template <fixed_string Name, class...> constexpr traced refuse() {
  static_cast<void>(sizeof(is_not_an_operation<Name>));
  return {};
}
} // namespace detail

// clang-format off
template <class... T> requires symbolic_operands<T...> constexpr traced rint(const T&...) { return detail::refuse<"rint", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced nearbyint(const T&...) { return detail::refuse<"nearbyint", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced remainder(const T&...) { return detail::refuse<"remainder", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced tgamma(const T&...) { return detail::refuse<"tgamma", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced fmin(const T&...) { return detail::refuse<"fmin", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced fmax(const T&...) { return detail::refuse<"fmax", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced fma(const T&...) { return detail::refuse<"fma", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced ldexp(const T&...) { return detail::refuse<"ldexp", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced lerp(const T&...) { return detail::refuse<"lerp", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced isnan(const T&...) { return detail::refuse<"isnan", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced isinf(const T&...) { return detail::refuse<"isinf", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced isfinite(const T&...) { return detail::refuse<"isfinite", T...>(); }
template <class... T> requires symbolic_operands<T...> constexpr traced signbit(const T&...) { return detail::refuse<"signbit", T...>(); }
template <class A, class B> requires symbolic_operands<A, B> constexpr traced operator%(const A&, const B&) { return detail::refuse<"%", A, B>(); }
template <class A, class B> requires symbolic_operands<A, B> constexpr traced operator&(const A&, const B&) { return detail::refuse<"&", A, B>(); }
template <class A, class B> requires symbolic_operands<A, B> constexpr traced operator|(const A&, const B&) { return detail::refuse<"|", A, B>(); }
template <class A, class B> requires symbolic_operands<A, B> constexpr traced operator^(const A&, const B&) { return detail::refuse<"^", A, B>(); }
template <class A, class B> requires symbolic_operands<A, B> constexpr traced operator<<(const A&, const B&) { return detail::refuse<"<<", A, B>(); }
template <class A, class B> requires symbolic_operands<A, B> constexpr traced operator>>(const A&, const B&) { return detail::refuse<">>", A, B>(); }
// clang-format on

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
