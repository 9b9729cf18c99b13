// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <array>
#include <cstddef>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/expr/recorded.hpp>
#include <fusegrad/function/arguments.hpp>
#include <tuple>
#include <type_traits>
#include <utility>

namespace fusegrad::functions::inline FUSEGRAD_ABI {

/// Records a function whose arguments have the shapes `Shape...`; its numbers are counted through.
template <class F, class... Shape> struct shaped_recipe {
  static constexpr std::size_t count = (Shape::count + ... + 0); ///< of numbers
  static constexpr std::size_t arguments = sizeof...(Shape);
  static constexpr std::size_t counts[arguments + 1]{Shape::count...};

  static constexpr auto call(expr::recorder& r) {
    int next = 0;
    const auto argument = [&]<class One>(std::type_identity<One>) {
      const int first = next;
      next += static_cast<int>(One::count);
      return One::traced_at(r, first);
    };
    // In braces they are made from left to right.
    const std::tuple<typename Shape::traced_type...> made{argument(std::type_identity<Shape>{})...};
    return std::apply([](const auto&... x) { return F{}(x...); }, made);
  }

  template <std::size_t> static consteval expr::recording record() {
    expr::recorder r(static_cast<int>(count));
    return expr::detail::finished(r, call(r));
  }

  static constexpr bool try_out() {
    expr::recorder r(static_cast<int>(count));
    return expr::detail::starts_each_name_once(r, call(r));
  }

  /// What keeps the function from being traced, or no_fault.
  static constexpr auto fault_of() {
    if constexpr (!std::is_empty_v<F> || !std::is_default_constructible_v<F>) {
      return diagnostics::fault<expr::not_an_empty_function<F>>{};
    } else if constexpr (!requires(const F& f, const typename Shape::traced_type&... x) { f(x...); }) {
      return diagnostics::fault<function_takes_other_arguments<F>>{};
    } else {
      using result = decltype(std::declval<const F&>()(std::declval<const typename Shape::traced_type&>()...));
      if constexpr (!expr::detail::traceable_result<result>)
        return diagnostics::fault<expr::result_is_no_traced_value<result>>{};
      else if constexpr (!try_out())
        return diagnostics::fault<expr::named_number_starts_at_two_numbers<F>>{};
      else
        return diagnostics::no_fault{};
    }
  }
};

/// What the recipe records, once.
template <class Recipe> inline constexpr const auto& record_of = expr::recorded<Recipe, Recipe::count>;

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
