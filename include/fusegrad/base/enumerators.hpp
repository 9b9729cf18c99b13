// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <string_view>
#include <type_traits>
#include <utility>

namespace fusegrad::base {

/// An `enum class`: a cast of any number to one is a value of it, which compilers print as a number if it has no name.
template <class E>
concept scoped_enumeration = std::is_enum_v<E> && !std::is_convertible_v<E, std::underlying_type_t<E>>;

namespace detail {

/// The name of a value of an enumeration, as the compiler prints it; empty where it has none.
template <auto Value> constexpr std::string_view enumerator_name() noexcept {
  constexpr std::string_view text = __PRETTY_FUNCTION__;
  constexpr std::size_t begin = text.find("Value = ") + 8;
  constexpr std::string_view value = text.substr(begin, text.find_first_of(";]", begin) - begin);
  if constexpr (value[0] == '(' || value[0] == '-' || (value[0] >= '0' && value[0] <= '9'))
    return {};
  else
    return value.substr(value.rfind(':') + 1);
}

/// The names of the values from -1 on.
template <class E, std::size_t... I> constexpr auto names_from_minus_one(std::index_sequence<I...>) noexcept {
  return std::array{
      enumerator_name<static_cast<E>(static_cast<std::underlying_type_t<E>>(static_cast<int>(I) - 1))>()...};
}

template <class E> struct enumerator_table {
  static constexpr std::size_t most = 64;
  static constexpr auto names = names_from_minus_one<E>(std::make_index_sequence<most + 2>{});
  static constexpr std::size_t count = [] {
    std::size_t n = 0;
    while (n < most && !names[n + 1].empty()) ++n;
    return n;
  }();
  /// Whether the enumerators are 0, 1, 2, ... and no others, as far as can be seen.
  static constexpr bool counts_from_0 = [] {
    bool others = !names[0].empty();
    for (std::size_t n = count; n <= most; ++n) others = others || !names[n + 1].empty();
    return count > 0 && !others;
  }();
};

} // namespace detail

/// How many enumerators there are, and whether they are 0, 1, 2, ..., at most 64.
template <scoped_enumeration E> inline constexpr std::size_t enumerator_count = detail::enumerator_table<E>::count;
template <scoped_enumeration E> inline constexpr bool counts_from_0 = detail::enumerator_table<E>::counts_from_0;

/// The name of an enumerator by its number.
template <scoped_enumeration E> constexpr std::string_view enumerator(std::size_t number) noexcept {
  return detail::enumerator_table<E>::names[number + 1];
}

} // namespace fusegrad::base
