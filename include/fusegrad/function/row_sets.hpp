// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <fusegrad/function/arguments.hpp>
#include <fusegrad/function/lanes.hpp>
#include <fusegrad/function/load_rows.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

// Rows as they lie in memory: columns of their own, or numbers row by row.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

/// One number of each row.
template <class T, bool Wanted> struct column {
  using value_type = T;
  using shape = number_shape;
  static constexpr std::size_t width = 1;
  static constexpr bool is_wanted = Wanted; ///< whether derivatives by it are asked for
  const T* data;
  std::size_t length;
  T* gradient = nullptr;
  T* second = nullptr; ///< where second derivatives by each number are written

  template <class Lanes> FUSEGRAD_INLINE constexpr void load(Lanes* to, std::size_t row, int count) const noexcept {
    *to = load_first<Lanes>(data + row, count);
  }
  constexpr T at(std::size_t row, std::size_t) const noexcept { return data[row]; }
  constexpr T& gradient_at(std::size_t row, std::size_t) const noexcept { return gradient[row]; }
};

/// So many neighbouring numbers of each row.
template <class T, std::size_t Width, bool Wanted> struct row_block {
  using value_type = T;
  using shape = array_shape<number_shape, Width>;
  static constexpr std::size_t width = Width;
  static constexpr bool is_wanted = Wanted;
  const T* data;
  std::size_t length;
  T* gradient = nullptr;
  T* second = nullptr; ///< where second derivatives by each number are written

  template <class Lanes> FUSEGRAD_INLINE constexpr void load(Lanes* to, std::size_t row, int count) const noexcept {
    if constexpr (!is_constant_lanes<Lanes> && Width > 1)
      if (count >= Lanes::lanes) return load_rows<Width>(to, data + row * Width);
    for (std::size_t i = 0; i < Width; ++i) to[i] = load_strided<Lanes>(data + row * Width + i, Width, count);
  }
  constexpr T at(std::size_t row, std::size_t i) const noexcept { return data[row * Width + i]; }
  constexpr T& gradient_at(std::size_t row, std::size_t i) const noexcept { return gradient[row * Width + i]; }
};

/// So many numbers from the row of another table that an index names.
template <class T, std::size_t Width, class Index> struct gathered_block {
  using value_type = T;
  using shape = std::conditional_t<Width == 1, number_shape, array_shape<number_shape, Width>>;
  static constexpr std::size_t width = Width;
  static constexpr bool is_wanted = false;
  const T* data;
  const Index* index;
  std::size_t length;

  template <class Lanes> FUSEGRAD_INLINE constexpr void load(Lanes* to, std::size_t row, int count) const noexcept {
    alignas(64) T numbers[Width][static_cast<std::size_t>(Lanes::lanes)]{};
    for (int lane = 0; lane < count; ++lane) {
      const T* from = data + static_cast<std::size_t>(index[row + static_cast<std::size_t>(lane)]) * Width;
      for (std::size_t i = 0; i < Width; ++i) numbers[i][lane] = from[i];
    }
    for (std::size_t i = 0; i < Width; ++i) to[i] = load_first<Lanes>(numbers[i], Lanes::lanes);
  }
  constexpr T at(std::size_t row, std::size_t i) const noexcept {
    return data[static_cast<std::size_t>(index[row]) * Width + i];
  }
};

/// A column by which `map_over` does not differentiate.
template <class Item> struct constant_item : Item {
  static constexpr bool is_constant = true;
};
template <class Item> inline constexpr bool is_constant_item = false;
template <class Item> inline constexpr bool is_constant_item<constant_item<Item>> = true;

template <class> inline constexpr bool is_row_item = false;
template <class Item> inline constexpr bool is_row_item<constant_item<Item>> = true;
template <class T, bool W> inline constexpr bool is_row_item<column<T, W>> = true;
template <class T, std::size_t N, bool W> inline constexpr bool is_row_item<row_block<T, N, W>> = true;
template <class T, std::size_t N, class I> inline constexpr bool is_row_item<gathered_block<T, N, I>> = true;

/// Rows of one length: what a function of rows is called with first.
template <class... Item> struct row_set {
  using value_type = std::common_type_t<typename Item::value_type...>;
  static constexpr std::size_t width = (Item::width + ...);
  /// The numbers of those columns that are not constant.
  static constexpr std::size_t varied_width = ((is_constant_item<Item> ? 0 : Item::width) + ...);
  static constexpr std::uint64_t varied_bits = [] {
    std::uint64_t out = 0, bit = 1;
    ((out |= is_constant_item<Item> ? 0 : bit, bit <<= 1), ...);
    return out;
  }();
  std::tuple<Item...> items;
  std::size_t length;

  template <class Lanes> FUSEGRAD_INLINE constexpr void load(Lanes* to, std::size_t row, int count) const noexcept {
    for_each([&](const auto& item, std::size_t offset) { item.load(to + offset, row, count); });
  }
  /// Calls `f(item, offset of its first number)`.
  template <class F> FUSEGRAD_INLINE constexpr void for_each(F&& f) const {
    std::apply(
        [&](const auto&... item) FUSEGRAD_INLINE {
          std::size_t offset = 0;
          ((f(item, offset), offset += std::remove_cvref_t<decltype(item)>::width), ...);
        },
        items);
  }
  /// Sets the places of wanted derivatives to zero.
  constexpr void clear_gradients() const noexcept {
    for_each([](const auto& item, std::size_t) {
      if constexpr (std::remove_cvref_t<decltype(item)>::is_wanted)
        for (std::size_t i = 0; i < item.length * item.width; ++i) item.gradient[i] = 0;
    });
  }
  /// One row as numbers.
  template <class T> constexpr void read(T* to, std::size_t row) const noexcept {
    for_each([&](const auto& item, std::size_t offset) {
      for (std::size_t i = 0; i < item.width; ++i) to[offset + i] = item.at(row, i);
    });
  }
};

template <class> inline constexpr bool is_row_set = false;
template <class... Item> inline constexpr bool is_row_set<row_set<Item...>> = true;

namespace detail {

[[noreturn]] inline void refuse_rows(std::size_t number, std::size_t got, std::size_t needs) {
  throw std::invalid_argument("fusegrad: columns: column " + std::to_string(number) + " has " + std::to_string(got) +
                              " rows, column 1 has " + std::to_string(needs) + "; all must be equally long");
}
[[noreturn]] inline void refuse_width(std::size_t numbers, std::size_t width) {
  throw std::invalid_argument("fusegrad: row_major: " + std::to_string(numbers) + " numbers are no whole rows of " +
                              std::to_string(width));
}
[[noreturn]] inline void refuse_gradient(std::size_t got, std::size_t needs) {
  throw std::invalid_argument("fusegrad: with_gradient: the place for the gradient has " + std::to_string(got) +
                              " numbers, the column has " + std::to_string(needs));
}
[[noreturn]] inline void refuse_index(std::size_t row, const std::string& index, std::size_t rows) {
  throw std::invalid_argument("fusegrad: gathered: index " + index + " of row " + std::to_string(row) +
                              " names no row of the table, which has " + std::to_string(rows));
}

template <class Range> using item_of = typename decltype(std::span(std::declval<Range&>()))::element_type;

template <class Range> constexpr auto as_row_item(const Range& range) {
  if constexpr (is_row_item<Range>) {
    return range;
  } else if constexpr (is_constant_argument<Range>) {
    using item = std::remove_cvref_t<decltype(as_row_item(range.value))>;
    return constant_item<item>{as_row_item(range.value)};
  } else {
    const std::span view(range);
    using real = std::remove_const_t<typename decltype(view)::element_type>;
    if constexpr (!math::real_scalar<real>) static_cast<void>(sizeof(column_of_no_numbers<real>));
    return column<real, false>{view.data(), view.size()};
  }
}

template <class T, class... Item> constexpr auto row_set_of(const Item&... item) {
  if constexpr (!(std::is_same_v<T, typename Item::value_type> && ...))
    static_cast<void>(sizeof(columns_of_different_numbers<typename Item::value_type...>));
  const std::size_t lengths[]{item.length...};
  for (std::size_t i = 1; i < sizeof...(Item); ++i)
    if (lengths[i] != lengths[0]) refuse_rows(i + 1, lengths[i], lengths[0]);
  return row_set<Item...>{{item...}, lengths[0]};
}

template <class T> struct with_outputs;
template <class T> struct with_outputs<column<T, false>> {
  using type = column<T, true>;
};
template <class T, std::size_t Width> struct with_outputs<row_block<T, Width, false>> {
  using type = row_block<T, Width, true>;
};

} // namespace detail
} // namespace fusegrad::functions::inline FUSEGRAD_ABI

namespace fusegrad {

/// Numbers row by row, `Width` of them in each: the function is given them as one array.
/// @throws std::invalid_argument if they are no whole rows.
template <std::size_t Width, class Range> constexpr auto row_major(const Range& numbers) {
  const std::span view(numbers);
  using real = std::remove_const_t<typename decltype(view)::element_type>;
  if constexpr (!math::real_scalar<real>) static_cast<void>(sizeof(functions::column_of_no_numbers<real>));
  if (view.size() % Width != 0) functions::detail::refuse_width(view.size(), Width);
  return functions::row_block<real, Width, false>{view.data(), view.size() / Width};
}

/// For each row, `Width` numbers of the row of `table` that its index names; one number if `Width` is 1.
/// @throws std::invalid_argument if an index names no row.
template <std::size_t Width, class Range, class Indices> auto gathered(const Range& table, const Indices& indices) {
  const std::span view(table);
  const std::span index(indices);
  using real = std::remove_const_t<typename decltype(view)::element_type>;
  using integer = std::remove_const_t<typename decltype(index)::element_type>;
  static_assert(std::is_integral_v<integer>, "fusegrad: gathered takes whole numbers as indices.");
  if (view.size() % Width != 0) functions::detail::refuse_width(view.size(), Width);
  for (std::size_t i = 0; i < index.size(); ++i)
    if (std::cmp_less(index[i], 0) || !std::cmp_less(index[i], view.size() / Width))
      functions::detail::refuse_index(i, std::to_string(index[i]), view.size() / Width);
  return functions::gathered_block<real, Width, integer>{view.data(), index.data(), index.size()};
}

/// A column, or `row_major<N>(...)`, together with the place where derivatives by it are written.
/// @throws std::invalid_argument if that place has another size.
template <class Column, class Output> constexpr auto with_gradient(const Column& numbers, Output&& gradient) {
  const auto item = functions::detail::as_row_item(numbers);
  using type = std::remove_const_t<decltype(item)>;
  const std::span out(gradient);
  if constexpr (!std::is_same_v<typename decltype(out)::element_type, typename type::value_type>)
    static_cast<void>(sizeof(functions::gradient_of_another_number<typename decltype(out)::element_type>));
  if (out.size() != item.length * type::width)
    functions::detail::refuse_gradient(out.size(), item.length * type::width);
  return typename functions::detail::with_outputs<type>::type{item.data, item.length, out.data()};
}

/// The same with a place for the second derivatives by each number, the diagonal of the Hessian.
/// @throws std::invalid_argument if a place has another size.
template <class Column, class Output, class Second>
constexpr auto with_second_derivatives(const Column& numbers, Output&& gradient, Second&& second) {
  auto item = with_gradient(numbers, gradient);
  using type = decltype(item);
  const std::span out(second);
  if constexpr (!std::is_same_v<typename decltype(out)::element_type, typename type::value_type>)
    static_cast<void>(sizeof(functions::gradient_of_another_number<typename decltype(out)::element_type>));
  if (out.size() != item.length * type::width)
    functions::detail::refuse_gradient(out.size(), item.length * type::width);
  item.second = out.data();
  return item;
}

/// Rows of a length known at run time, from columns: what `std::span` takes, `row_major<N>(...)`, `gathered<N>(...)`.
/// @throws std::invalid_argument if the columns are not equally long.
template <class... Column>
  requires(sizeof...(Column) > 0)
constexpr auto columns(const Column&... column) {
  using first = typename decltype((functions::detail::as_row_item(column), ...))::value_type;
  return functions::detail::row_set_of<first>(functions::detail::as_row_item(column)...);
}

} // namespace fusegrad
