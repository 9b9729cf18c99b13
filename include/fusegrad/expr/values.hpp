// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/named.hpp>
#include <tuple>
#include <type_traits>

namespace fusegrad {

/// Several numbers: what a function with several results returns. It can be compared and taken apart by structured
/// bindings.
template <class T, std::size_t Count> struct value_list {
  T items[Count];

  [[nodiscard]] static constexpr std::size_t size() noexcept { return Count; }
  constexpr const T& operator[](std::size_t i) const noexcept { return items[i]; }
  constexpr const T* begin() const noexcept { return items; }
  constexpr const T* end() const noexcept { return items + Count; }
  template <std::size_t I> [[nodiscard]] constexpr const T& get() const noexcept { return items[I]; }
  friend constexpr bool operator==(const value_list&, const value_list&) = default;
};

/// Several results: numbers become a `value_list`; in a traced function they become its results.
template <expr::operand... T> constexpr auto values(const T&... items) {
  if constexpr (sizeof...(T) == 0) {
    static_cast<void>(sizeof(expr::no_results<diagnostics::got<sizeof...(T)>>));
  } else if constexpr ((expr::number<T> && ...)) {
    return value_list<std::common_type_t<T...>, sizeof...(T)>{{static_cast<std::common_type_t<T...>>(items)...}};
  } else {
    if constexpr (!(std::same_as<T, expr::traced> || ...))
      static_cast<void>(sizeof(expr::result_depends_on_nothing<diagnostics::got<sizeof...(T)>>));
    expr::recorder& r = *expr::detail::common_owner(items...);
    return expr::traced_values<sizeof...(T)>{{expr::detail::resolve(r, items)...}};
  }
}

} // namespace fusegrad

template <class T, std::size_t Count>
struct std::tuple_size<fusegrad::value_list<T, Count>> : std::integral_constant<std::size_t, Count> {};
template <std::size_t I, class T, std::size_t Count> struct std::tuple_element<I, fusegrad::value_list<T, Count>> {
  using type = T;
};
