// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/errors.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <fusegrad/expr/traced.hpp>
#include <utility>

namespace fusegrad {

namespace expr::inline FUSEGRAD_ABI {

template <class Function> struct by_name_needs_outputs_and_a_struct {
  static_assert(fits<Function>, "fusegrad: by_name<point>(f) is of a template <class T> struct point of members T, and "
                                "f(u, v, at) takes one to sixteen numbers and one such struct.");
};

namespace detail {

template <std::size_t> using traced_member = traced;

template <template <class> class Struct, std::size_t... I> constexpr bool has_members(std::index_sequence<I...>) {
  return requires(traced_member<I>... x) { Struct<traced>{x...}; };
}
/// How many members a struct has: the most that it can be made of.
template <template <class> class Struct, std::size_t Most = 32> constexpr std::size_t members_of() {
  if constexpr (Most == 0 || has_members<Struct>(std::make_index_sequence<Most>{}))
    return Most;
  else
    return members_of<Struct, Most - 1>();
}

template <class F, class Last, std::size_t... I> constexpr bool takes_before(std::index_sequence<I...>) {
  return requires(const F& f, traced_member<I>... x, Last last) { f(x..., last); };
}
template <class F, class Last, std::size_t From = 1> constexpr std::size_t numbers_before() {
  if constexpr (From > 16 || takes_before<F, Last>(std::make_index_sequence<From>{}))
    return From > 16 ? 0 : From;
  else
    return numbers_before<F, Last, From + 1>();
}

} // namespace detail

/// Calls F with the last of its arguments as the members of a struct.
template <class F, template <class> class Struct> struct function_by_name {
  static constexpr std::size_t members = detail::members_of<Struct>();
  static constexpr std::size_t numbers = detail::numbers_before<F, Struct<traced>>();

  template <class T, std::same_as<T>... More>
    requires(1 + sizeof...(More) == numbers + members)
  constexpr auto operator()(T first, More... more) const {
    const std::array<T, numbers + members> all{first, more...};
    return [&]<std::size_t... I, std::size_t... K>(std::index_sequence<I...>, std::index_sequence<K...>) {
      return F{}(all[I]..., Struct<T>{all[numbers + K]...});
    }(std::make_index_sequence<numbers>{}, std::make_index_sequence<members>{});
  }
};

template <class F, template <class> class Struct> constexpr auto make_function_by_name() {
  using made = function_by_name<F, Struct>;
  if constexpr (made::members == 0 || made::numbers == 0)
    static_cast<void>(sizeof(by_name_needs_outputs_and_a_struct<F>));
  return made{};
}

} // namespace expr::inline FUSEGRAD_ABI

/// A function whose last arguments have names, for `equation` and `output_transform`: with `template <class T> struct
/// point { T x, t; };` it is `by_name<point>([](auto u, auto at) { return d(u, at.t) - d(u, at.x, at.x); })`. Members
/// are the model's inputs in their order.
template <template <class> class Struct, class F> constexpr auto by_name(F) {
  return expr::make_function_by_name<F, Struct>();
}

} // namespace fusegrad
