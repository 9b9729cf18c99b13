// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/expr/traced.hpp>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

// The arguments of a function of rows: numbers, arrays and matrices of a fixed size. Traced, they are what a plain
// function would be given; at run time they are numbers, one after the other.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

/// One number.
struct number_shape {
  static constexpr std::size_t count = 1;
  using traced_type = expr::traced;
  template <class T> using gradient_type = T;

  static constexpr expr::traced traced_at(expr::recorder& r, int first) { return {&r, first}; }
  template <class T> static constexpr T gradient_from(const T* numbers) noexcept { return *numbers; }
  template <class T, class A> static constexpr void flatten(const A& argument, T* to) noexcept {
    *to = static_cast<T>(argument);
  }
};

/// So many things of one shape, one behind the other: an array, or a matrix row by row.
template <class Item, std::size_t Count> struct array_shape {
  static constexpr std::size_t count = Count * Item::count;
  using traced_type = std::array<typename Item::traced_type, Count>;
  template <class T> using gradient_type = std::array<typename Item::template gradient_type<T>, Count>;

  static constexpr traced_type traced_at(expr::recorder& r, int first) {
    traced_type out{};
    for (std::size_t i = 0; i < Count; ++i) out[i] = Item::traced_at(r, first + static_cast<int>(i * Item::count));
    return out;
  }
  template <class T> static constexpr gradient_type<T> gradient_from(const T* numbers) noexcept {
    gradient_type<T> out{};
    for (std::size_t i = 0; i < Count; ++i) out[i] = Item::gradient_from(numbers + i * Item::count);
    return out;
  }
  template <class T, class A> static constexpr void flatten(const A& argument, T* to) noexcept {
    for (std::size_t i = 0; i < Count; ++i) Item::flatten(argument[i], to + i * Item::count);
  }
};

/// An argument by which nothing is differentiated.
template <class A> struct constant_argument {
  A value;
};

namespace detail {

template <class A> struct shape_of_argument {
  using type = void;
};
template <expr::number A> struct shape_of_argument<A> {
  using type = number_shape;
};
template <class Item, std::size_t Count> struct shape_of_argument<std::array<Item, Count>> {
  using type = array_shape<typename shape_of_argument<std::remove_const_t<Item>>::type, Count>;
};
template <class Item, std::size_t Count>
  requires(Count != std::dynamic_extent)
struct shape_of_argument<std::span<Item, Count>> {
  using type = array_shape<typename shape_of_argument<std::remove_const_t<Item>>::type, Count>;
};
template <class A> struct shape_of_argument<constant_argument<A>> : shape_of_argument<A> {};

template <class> inline constexpr bool is_constant_argument = false;
template <class A> inline constexpr bool is_constant_argument<constant_argument<A>> = true;

template <class A> constexpr const A& plain_argument(const A& argument) { return argument; }
template <class A> constexpr const A& plain_argument(const constant_argument<A>& argument) { return argument.value; }

} // namespace detail

/// The shape of an argument of type A; void where it has none.
template <class A> using shape_of = typename detail::shape_of_argument<std::remove_cvref_t<A>>::type;

namespace detail {
template <class One, class T> constexpr auto gradient_by(const T*& from) {
  if constexpr (is_constant_argument<One>) {
    return std::tuple<>{};
  } else {
    const T* const here = from;
    from += shape_of<One>::count;
    return std::tuple{shape_of<One>::gradient_from(here)};
  }
}
} // namespace detail

/// The value, then the gradient by each shared argument that is not constant, from numbers one behind the other.
template <class T, class... Shared> constexpr auto gradient_tuple(const T* from) {
  const T* next = from + 1;
  // In braces, and so from left to right.
  return std::apply([](auto... part) { return std::tuple_cat(part...); },
                    std::tuple<std::tuple<T>, decltype(detail::gradient_by<Shared>(next))...>{
                        std::tuple{*from}, detail::gradient_by<Shared>(next)...});
}

} // namespace fusegrad::functions::inline FUSEGRAD_ABI

namespace fusegrad {

/// An argument that is not differentiated by: `value_and_gradient` gives no entry for it.
template <class A> constexpr auto constant(const A& argument) { return functions::constant_argument<A>{argument}; }

} // namespace fusegrad
