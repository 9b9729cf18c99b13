// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>

// Softmax of each row and its relatives, free of overflow: the largest entry is subtracted first.
namespace fusegrad::kernel::inline FUSEGRAD_ABI {

namespace detail {

/// Calls `use(column, filled)` for each vector of a row; `filled(v, other)` is v, with the lanes behind the last column
/// taken from other.
template <class T, class Use> FUSEGRAD_INLINE inline void for_each_vector(std::size_t columns, Use&& use) {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  std::size_t i = 0;
  for (; i + lanes <= columns; i += lanes) use(i, [](vector v, vector) FUSEGRAD_INLINE { return v; });
  if (i == columns) return;
  const auto mask = vector::first_lanes_mask(static_cast<int>(columns - i));
  use(i, [mask](vector v, vector other) FUSEGRAD_INLINE { return select(mask, v, other); });
}

template <class T> constexpr T largest_of_row(const T* x, std::size_t columns) {
  T largest = x[0];
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t i = 1; i < columns; ++i) largest = x[i] > largest ? x[i] : largest;
    return largest;
  }
  using vector = math::vector<T>;
  vector most(largest);
  for_each_vector<T>(columns, [&](std::size_t i, auto filled) {
    const vector here = filled(vector::load_aligned(x + i), most);
    most = select(here > most, here, most);
  });
  return math::intrinsics::reduce<T, vector::lanes>(most.native, [](auto a, auto b) noexcept { return b > a ? b : a; });
}

/// Writes exp(x - largest) and gives back the sum; what lies behind the last column becomes zero.
template <class T> constexpr T shifted_exponentials(const T* x, T largest, T* out, std::size_t columns) {
  if (__builtin_is_constant_evaluated()) {
    T total{};
    for (std::size_t i = 0; i < columns; ++i) total += out[i] = math::exp(x[i] - largest);
    return total;
  }
  using vector = math::vector<T>;
  vector total(T{0});
  for_each_vector<T>(columns, [&](std::size_t i, auto filled) {
    const vector e = filled(exp(vector::load_aligned(x + i) - vector(largest)), vector(T{0}));
    e.store_aligned(out + i);
    total += e;
  });
  return sum(total);
}

/// Divides a row by a number.
template <class T> constexpr void divide_row(T* x, T by, std::size_t columns) {
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t i = 0; i < columns; ++i) x[i] /= by;
    return;
  }
  using vector = math::vector<T>;
  for_each_vector<T>(columns,
                     [&](std::size_t i, auto) { (vector::load_aligned(x + i) / vector(by)).store_aligned(x + i); });
}

} // namespace detail

namespace detail {
template <class T> constexpr void softmax_of_row(const T* x, T* y, std::size_t columns) {
  const T total = shifted_exponentials<T>(x, largest_of_row<T>(x, columns), y, columns);
  divide_row(y, total, columns);
}
} // namespace detail

template <class T> constexpr void softmax(const call<T>& c) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row)
    detail::softmax_of_row(c.arguments[0].data + row * c.arguments[0].stride,
                           c.results[0].data + row * c.results[0].stride, c.columns);
}

/// The same of matrices of so many rows each: row i sees the columns up to number i, and has zeros behind them.
template <class T> constexpr void causal_softmax(const call<T>& c, std::size_t rows_of_matrix) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    const std::size_t before = row % rows_of_matrix, seen = before < c.columns ? before + 1 : c.columns;
    T* y = c.results[0].data + row * c.results[0].stride;
    detail::softmax_of_row<T>(c.arguments[0].data + row * c.arguments[0].stride, y, seen);
    for (std::size_t k = seen; k < padded<T>(c.columns); ++k) y[k] = T{};
  }
}

template <class T> constexpr void log_softmax(const call<T>& c) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* x = c.arguments[0].data + row * c.arguments[0].stride;
    T* y = c.results[0].data + row * c.results[0].stride;
    const T largest = detail::largest_of_row<T>(x, c.columns);
    const T shift = math::log(detail::shifted_exponentials<T>(x, largest, y, c.columns));
    if (__builtin_is_constant_evaluated()) {
      for (std::size_t i = 0; i < c.columns; ++i) y[i] = (x[i] - largest) - shift;
      continue;
    }
    using vector = math::vector<T>;
    detail::for_each_vector<T>(c.columns, [&](std::size_t i, auto filled) {
      filled((vector::load_aligned(x + i) - vector(largest)) - vector(shift), vector(T{0})).store_aligned(y + i);
    });
  }
}

namespace detail {
/// What a row of targets makes of a row of shifted logarithms.
template <class T> struct target_sums {
  T loss{};   ///< -sum(target * ((x - largest) - shift))
  T target{}; ///< sum(target)
};
template <class T>
constexpr target_sums<T> sum_targets(const T* x, const T* target, T largest, T shift, std::size_t columns) {
  target_sums<T> out;
  if (__builtin_is_constant_evaluated()) {
    for (std::size_t i = 0; i < columns; ++i) {
      if (target[i] != T{}) out.loss -= target[i] * ((x[i] - largest) - shift);
      out.target += target[i];
    }
    return out;
  }
  using vector = math::vector<T>;
  const vector zero(T{0});
  vector loss = zero, total = zero;
  for_each_vector<T>(columns, [&](std::size_t i, auto filled) {
    const vector t = filled(vector::load_aligned(target + i), zero);
    const vector term = t * ((vector::load_aligned(x + i) - vector(largest)) - vector(shift));
    loss -= select(t == zero, zero, term);
    total += t;
  });
  return {sum(loss), sum(total)};
}
} // namespace detail

/// From logits and a target distribution: the probabilities, the sum of the target, and -sum(target * log(softmax)).
/// A class with target zero does not contribute, however unlikely it is.
template <class T> constexpr void softmax_cross_entropy(const call<T>& c) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* x = c.arguments[0].data + row * c.arguments[0].stride;
    const T* target = c.arguments[1].data + row * c.arguments[1].stride;
    T* probability = c.results[0].data + row * c.results[0].stride;
    const T largest = detail::largest_of_row<T>(x, c.columns);
    const T total = detail::shifted_exponentials<T>(x, largest, probability, c.columns);
    const auto sums = detail::sum_targets<T>(x, target, largest, math::log(total), c.columns);
    detail::divide_row(probability, total, c.columns);
    store_single(c.results[1], row, sums.target);
    store_single(c.results[2], row, sums.loss);
  }
}

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
