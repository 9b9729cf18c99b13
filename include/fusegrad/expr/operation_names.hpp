// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/rules.hpp>
#include <string_view>
#include <utility>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

namespace detail {
template <std::size_t... Op> constexpr auto operation_names(std::index_sequence<Op...>) {
  struct names {
    std::string_view items[sizeof...(Op)];
  };
  const auto name = []<operation O>() -> std::string_view {
    if constexpr (O == operation::argument || O == operation::constant)
      return "";
    else if constexpr (O == operation::select)
      return "select";
    else
      return rules::rule<O>.name;
  };
  return names { {name.template operator()<static_cast<operation>(Op)>()...} };
}
inline constexpr auto names_of_operations = operation_names(std::make_index_sequence<operation_count>{});
} // namespace detail

/// The name of an operation in its row of rules.hpp; two of one name differ in how many operands they have. Arguments
/// and constants have none.
constexpr std::string_view name_of_operation(operation op) noexcept {
  return detail::names_of_operations.items[static_cast<std::size_t>(op)];
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
