// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/errors.hpp>

#include <array>
#include <cstddef>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/expr/print.hpp>
#include <fusegrad/expr/recorded.hpp>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/expr/trace.hpp>
#include <fusegrad/expr/unsupported.hpp>
#include <span>
#include <type_traits>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

namespace detail {
template <class> inline constexpr bool is_array = false;
template <class T, std::size_t N> inline constexpr bool is_array<T[N]> = true;
template <class T, std::size_t N> inline constexpr bool is_array<std::array<T, N>> = true;
template <class T, std::size_t N> inline constexpr bool is_array<std::span<T, N>> = true;
template <class T, std::size_t N> inline constexpr bool is_array<value_list<T, N>> = true;

// Numbers that are found when somebody asks. As plain members they would be when a function is named: with numbers
// as arguments, although it may be one of arrays.
template <class F> struct counted_arguments {
  constexpr operator std::size_t() const { return expr::arity<F>; }
};
template <class Function> struct counted_results {
  constexpr operator std::size_t() const { return Function::template table<>.result_count; }
};
} // namespace detail

/// A call of which an argument is an array: see arrays.hpp, which few need.
template <class Recipe, class... A> struct call_with_arrays {
  static constexpr auto fault_of() { return diagnostics::fault<arrays_need_their_header<Recipe>>{}; }
};

/// Records the user's generic function F.
template <class F> struct traced_recipe {
  using function = F;
  static constexpr detail::counted_arguments<F> arity{};
  template <std::size_t Arity> static constexpr auto fault_of() { return fault_of_function<F, Arity>(); }
  template <std::size_t Arity> static consteval recording record() { return trace<F, Arity>(); }
};

/// A function of numbers as an empty object. It is called with numbers (in a constant expression or at run time), with
/// vectors, with traced values, or over whole arrays; each distinct node is evaluated once.
template <class Recipe> struct traced_function {
  using recipe = Recipe;
  static constexpr auto arity = Recipe::arity; ///< the least number of arguments

  /// The function as a table; its arguments are followed by its named parameters.
  template <std::size_t Arity = Recipe::arity> static constexpr auto table = recorded<Recipe, Arity>.body;

  static constexpr detail::counted_results<traced_function> result_count{};

  template <number... T>
    requires(sizeof...(T) > 0)
  constexpr auto operator()(T... x) const {
    static_cast<void>(requires(const detail::function_in<Recipe>& f, detail::traced_in_its_place<T>... a) { f(a...); });
    static_cast<void>(sizeof(typename fault_of_call<Recipe, sizeof...(T)>::error));
    using common = std::common_type_t<T...>;
    using real = std::conditional_t<std::is_floating_point_v<common>, common, double>;
    return call(static_cast<real>(x)...);
  }

  template <std::size_t Zero = 0> constexpr traced_function operator()() const {
    static_cast<void>(sizeof(typename wrong_arity<Zero, Recipe::arity>::error));
    return {};
  }

  /// Any other number-like type: a vector of numbers, a dual number, a counting number.
  template <class First, class... Rest>
    requires(!number<First> && !symbolic<First> && !detail::is_array<First> && (std::same_as<First, Rest> && ...))
  constexpr auto operator()(const First& first, const Rest&... rest) const {
    static_cast<void>(sizeof(typename fault_of_call<Recipe, 1 + sizeof...(Rest)>::error));
    return call(first, rest...);
  }

  /// Arrays, and numbers beside them.
  template <class... A>
    requires(detail::is_array<A> || ...)
  constexpr auto operator()(const A&... a) const {
    using found = decltype(call_with_arrays<Recipe, A...>::fault_of());
    static_cast<void>(sizeof(typename found::error));
    if constexpr (!diagnostics::is_fault<found>) return call_with_arrays<Recipe, A...>::on(a...);
  }

  /// In another traced function: records this one in place.
  template <class... T>
    requires symbolic_operands<T...>
  constexpr auto operator()(const T&... x) const {
    static_cast<void>(sizeof(typename fault_of_call<Recipe, sizeof...(T)>::error));
    return detail::record_or_defer([](recorder& r, const int* nodes) { return inlined<sizeof...(T)>(r, nodes); }, x...);
  }

  /// The formula, in words a person would write: `x` is the argument, `y` the value of the function that was
  /// differentiated.
  static constexpr auto to_string() {
    static_cast<void>(sizeof(typename fault_of_call<Recipe, arity>::error));
    return printed<Recipe, arity>;
  }

private:
  template <class... T> static constexpr auto call(T... x) {
    constexpr std::size_t count = sizeof...(T);
    using number_type = std::common_type_t<T...>;
    constexpr auto& record = recorded<Recipe, count>;
    number_type arguments[count + record.leaf_count]{x...};
    for (std::size_t i = 0; i < record.leaf_count; ++i)
      arguments[count + i] = detail::constant_as<number_type>(record.leaves[i].initial);
    constexpr auto f = table<count>;
    if constexpr (f.result_count == 1) {
      return evaluate<f>(arguments);
    } else {
      value_list<number_type, f.result_count> out{};
      evaluate<f>(arguments, out.items);
      return out;
    }
  }

  template <std::size_t Arity> static constexpr auto inlined(recorder& r, const int* nodes) {
    const recording inner = recording_of<Recipe, Arity>();
    growing<int> arguments;
    for (std::size_t i = 0; i < Arity; ++i) arguments.push_back(nodes[i]);
    for (const named_leaf& leaf : inner.leaves) {
      // Of an equation within another function nobody knows what its arguments depend on.
      r.has_wrong_derivative = r.has_wrong_derivative || leaf.kind == leaf_kind::derivative;
      arguments.push_back(r.leaf(leaf.name, leaf.kind, leaf.initial));
    }
    const growing<int> results = inline_into(r.build, inner.body, arguments);
    constexpr std::size_t count = table<Arity>.result_count;
    if constexpr (count == 1) {
      return traced{&r, results[0]};
    } else {
      traced_values<count> out;
      for (std::size_t i = 0; i < count; ++i) out.items[i] = traced{&r, results[i]};
      return out;
    }
  }
};

namespace detail {
template <class F> struct recipe_behind {
  using type = traced_recipe<F>;
};
// Activations and losses too, which are traced functions and something else beside.
template <class F>
  requires std::derived_from<F, traced_function<typename F::recipe>>
struct recipe_behind<F> {
  using type = typename F::recipe;
};
} // namespace detail

/// The recipe of a traced function, or behind a user's generic function.
template <class F> using recipe_of = typename detail::recipe_behind<std::remove_cvref_t<F>>::type;

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
