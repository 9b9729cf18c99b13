// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/expr/errors.hpp>
#include <fusegrad/expr/trace.hpp>
#include <span>
#include <tuple>
#include <type_traits>

namespace fusegrad::expr::inline FUSEGRAD_ABI {

/// The shapes of arguments and results: how many numbers each holds, the type that holds them (`with<T>`), and the
/// shape of which each number has become another shape (`of<Shape>`): rows of a Jacobian.
struct number_shape {
  static constexpr std::size_t size = 1;
  template <class T> using with = T;
  template <class Shape> using of = Shape;
};
template <class Item, std::size_t N> struct array_shape {
  static constexpr std::size_t size = N * Item::size;
  template <class T> using with = std::array<typename Item::template with<T>, N>;
  template <class Shape> using of = array_shape<typename Item::template of<Shape>, N>;
};
/// Several results, as of `values(a, b)`.
template <std::size_t N, class Item> struct list_shape {
  static constexpr std::size_t size = N * Item::size;
  template <class T> using with = value_list<typename Item::template with<T>, N>;
  template <class Shape> using of = list_shape<N, typename Item::template of<Shape>>;
};
/// Arguments of different shapes.
template <class... Items> struct tuple_shape {
  static constexpr std::size_t size = (Items::size + ... + 0);
  template <class T> using with = std::tuple<typename Items::template with<T>...>;
  template <class Shape> using of = tuple_shape<typename Items::template of<Shape>...>;
};

namespace detail {

template <class A> struct shape_of_argument {
  using type = number_shape;
  using item = A;
  static_assert(operand<A>, "fusegrad: an argument of a function is a number or an array of numbers.");
};
template <class A, std::size_t N> struct shape_of_items {
  using type = array_shape<typename shape_of_argument<A>::type, N>;
  using item = typename shape_of_argument<A>::item;
};
template <class T, std::size_t N> struct shape_of_argument<T[N]> : shape_of_items<std::remove_const_t<T>, N> {};
template <class T, std::size_t N> struct shape_of_argument<std::array<T, N>> : shape_of_items<T, N> {};
template <class T, std::size_t N> struct shape_of_argument<value_list<T, N>> : shape_of_items<T, N> {};
template <class T, std::size_t N>
struct shape_of_argument<std::span<T, N>> : shape_of_items<std::remove_const_t<T>, N> {};

/// Whether an array, and each of its items, has a size that is known to the compiler: a shape.
template <class A> inline constexpr bool has_known_size = true;
template <class T> inline constexpr bool has_known_size<std::span<T, std::dynamic_extent>> = false;
template <class T, std::size_t N> inline constexpr bool has_known_size<T[N]> = has_known_size<T>;
template <class T, std::size_t N> inline constexpr bool has_known_size<std::array<T, N>> = has_known_size<T>;
template <class T, std::size_t N> inline constexpr bool has_known_size<value_list<T, N>> = has_known_size<T>;

template <class R> struct result_shape {
  using type = number_shape;
};
template <class T, std::size_t N> struct result_shape<std::array<T, N>> {
  using type = array_shape<typename result_shape<T>::type, N>;
};
template <std::size_t N> struct result_shape<traced_values<N>> {
  using type = std::conditional_t<N == 1, number_shape, list_shape<N, number_shape>>;
};

template <class Shape> struct builder_of;
template <> struct builder_of<number_shape> {
  template <class T> static constexpr T from(const T*& items) { return *items++; }
};
template <class Item, std::size_t N> struct builder_of<array_shape<Item, N>> {
  template <class T> static constexpr auto from(const T*& items) {
    std::array<typename Item::template with<T>, N> out{};
    for (auto& item : out) item = builder_of<Item>::from(items);
    return out;
  }
};
template <std::size_t N, class Item> struct builder_of<list_shape<N, Item>> {
  template <class T> static constexpr auto from(const T*& items) {
    value_list<typename Item::template with<T>, N> out{};
    for (auto& item : out.items) item = builder_of<Item>::from(items);
    return out;
  }
};
template <class... Items> struct builder_of<tuple_shape<Items...>> {
  template <class T> static constexpr auto from(const T*& items) {
    return std::tuple<typename Items::template with<T>...>{builder_of<Items>::from(items)...};
  }
};

} // namespace detail

template <class A> using shape_of = typename detail::shape_of_argument<A>::type;
template <class A> using item_of_argument = typename detail::shape_of_argument<A>::item;
template <class R> using shape_of_result = typename detail::result_shape<R>::type;

/// An object of a shape from numbers in a row; the pointer moves on.
template <class Shape, class T> constexpr auto built(const T*& items) { return detail::builder_of<Shape>::from(items); }

template <class To, class A> constexpr void put_numbers(To*& to, const A& a) {
  if constexpr (std::same_as<shape_of<A>, number_shape>)
    *to++ = static_cast<To>(a);
  else
    for (const auto& item : a) put_numbers(to, item);
}
template <class A> constexpr void find_recorder(recorder*& found, const A& a) {
  if constexpr (operand<A>)
    found = found == nullptr ? detail::owner_of(a) : found;
  else
    for (const auto& item : a) find_recorder(found, item);
}
template <class A> constexpr void put_nodes(recorder& r, growing<int>& nodes, const A& a) {
  if constexpr (operand<A>)
    nodes.push_back(detail::resolve(r, a).index);
  else
    for (const auto& item : a) put_nodes(r, nodes, item);
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI
