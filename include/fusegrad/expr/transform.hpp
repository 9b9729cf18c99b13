// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/expr/errors.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/raise.hpp>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/math/vector.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace fusegrad {

namespace expr::inline FUSEGRAD_ABI {

template <class Got, class Needs> struct wrong_number_of_spans {
  static_assert(fits<Got, Needs>,
                "fusegrad: transform takes the function, one span for each of its results, then one for each of its "
                "arguments.");
};
template <class... Numbers> struct spans_of_different_numbers {
  static_assert(
      fits<Numbers...>,
      "fusegrad: the spans of one transform are all of float or all of double, and those of the results can be "
      "written to.");
};

namespace detail {

template <class Range> using item_of = typename decltype(std::span(std::declval<Range&>()))::element_type;

template <std::size_t Results, std::size_t Arguments, class T> struct array_views {
  std::array<T*, Results> results;
  std::array<const T*, Arguments> arguments;
  std::size_t length;
};

template <class T> bool overlap(const T* a, const T* b, std::size_t length) noexcept {
  // As numbers: of pointers into different arrays neither is the smaller.
  const auto begin_a = reinterpret_cast<std::uintptr_t>(a), begin_b = reinterpret_cast<std::uintptr_t>(b);
  return begin_a < begin_b + length * sizeof(T) && begin_b < begin_a + length * sizeof(T);
}

[[noreturn]] inline void refuse_length(std::size_t number, std::size_t got, std::size_t needs) {
  base::raise(std::invalid_argument("fusegrad: transform: span " + std::to_string(number) + " has " +
                                    std::to_string(got) + " elements, span 1 has " + std::to_string(needs) +
                                    "; all must be equally long"));
}

template <std::size_t Results, std::size_t Arguments, class T>
void require_no_harmful_overlap(const array_views<Results, Arguments, T>& views) {
  for (std::size_t i = 0; i < Results; ++i) {
    const auto name = "fusegrad: transform: the output span " + std::to_string(i + 1) + " overlaps ";
    for (std::size_t k = 0; k < i; ++k)
      if (overlap<T>(views.results[i], views.results[k], views.length))
        base::raise(std::invalid_argument(name + "the output span " + std::to_string(k + 1)));
    for (std::size_t k = 0; k < Arguments; ++k)
      if (views.results[i] != views.arguments[k] && overlap<T>(views.results[i], views.arguments[k], views.length))
        base::raise(std::invalid_argument(name + "the input span " + std::to_string(k + 1) +
                                          "; it may only be the very same span"));
  }
}

/// One pass over the arrays, a register of elements at a time. The last, partial register takes the same path, so that
/// the bits of an element depend neither on its place nor on the length.
template <auto Table, std::size_t Arguments, class T, std::size_t Leaves>
void run_transform(const array_views<Table.result_count, Arguments, T>& views,
                   const std::array<double, Leaves>& leaves) noexcept {
  using vector = math::vector<T>;
  constexpr std::size_t lanes = vector::lanes;
  vector arguments[Arguments + Leaves], results[Table.result_count];
  for (std::size_t k = 0; k < Leaves; ++k) arguments[Arguments + k] = constant_as<vector>(leaves[k]);
  for (std::size_t i = 0; i < views.length; i += lanes) {
    const std::size_t left = views.length - i;
    const int count = static_cast<int>(left < lanes ? left : lanes);
    for (std::size_t k = 0; k < Arguments; ++k) arguments[k] = vector::load_first(views.arguments[k] + i, count);
    evaluate<Table>(arguments, results);
    for (std::size_t k = 0; k < Table.result_count; ++k) results[k].store_first(views.results[k] + i, count);
  }
}

template <class Recipe, class T, class... Range> void transform_spans(Range&... ranges) {
  constexpr const auto& record = recorded<Recipe, Recipe::arity>;
  constexpr std::size_t results = record.body.result_count, arguments = Recipe::arity;
  const std::array<std::size_t, sizeof...(Range)> lengths{std::span(ranges).size()...};
  for (std::size_t i = 1; i < lengths.size(); ++i)
    if (lengths[i] != lengths[0]) refuse_length(i + 1, lengths[i], lengths[0]);

  array_views<results, arguments, T> views{{}, {}, lengths[0]};
  std::size_t place = 0;
  const auto take = [&](auto* data) {
    if constexpr (std::is_same_v<decltype(data), T*>)
      if (place < results) views.results[place] = data;
    if (place >= results) views.arguments[place - results] = data;
    ++place;
  };
  (take(std::span(ranges).data()), ...);
  require_no_harmful_overlap(views);

  std::array<double, record.leaf_count> leaves{};
  for (std::size_t i = 0; i < record.leaf_count; ++i) leaves[i] = record.leaves[i].initial;
  run_transform<record.body, arguments>(views, leaves);
}

/// The first `results` types are exactly T, the others T or const T.
template <class T, class... Item> constexpr bool items_fit(std::size_t results) {
  const bool writable[]{std::is_same_v<T, Item>...};
  const bool readable[]{std::is_same_v<T, std::remove_const_t<Item>>...};
  for (std::size_t i = 0; i < sizeof...(Item); ++i)
    if (i < results ? !writable[i] : !readable[i]) return false;
  return true;
}

} // namespace detail
} // namespace expr::inline FUSEGRAD_ABI

/// Applies a function to arrays element by element, in one fused vector loop without temporaries: first the arrays for
/// the results, then those of the arguments: `transform(gradient(f), du, dv, u, v)`.
/// Everything `std::span` takes will do, all of float or all of double; named parameters have their initial values.
/// @throws std::invalid_argument if the lengths differ, or if an output overlaps another array other than being the
/// very same input.
template <class F, class... Range> void transform(const F&, Range&&... ranges) {
  using recipe = expr::recipe_of<F>;
  static_cast<void>(sizeof(typename expr::fault_of_call<recipe, recipe::arity>::error));
  constexpr std::size_t results = expr::traced_function<recipe>::result_count, needed = results + recipe::arity;
  if constexpr (sizeof...(Range) != needed) {
    static_cast<void>(
        sizeof(expr::wrong_number_of_spans<diagnostics::got<sizeof...(Range)>, diagnostics::needs<needed>>));
  } else {
    using real = std::common_type_t<std::remove_const_t<expr::detail::item_of<Range>>...>;
    if constexpr (!math::real_scalar<real> || !expr::detail::items_fit<real, expr::detail::item_of<Range>...>(results))
      static_cast<void>(sizeof(expr::spans_of_different_numbers<expr::detail::item_of<Range>...>));
    else
      expr::detail::transform_spans<recipe, real>(ranges...);
  }
}

} // namespace fusegrad
