// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>

// Softmax of each row and its relatives, free of overflow: the largest entry is subtracted first.
namespace fusegrad::kernel {

namespace detail {

template <class T> constexpr T largest_of_row(const T* x, std::size_t columns) {
  T largest = x[0];
  for (std::size_t i = 1; i < columns; ++i) largest = x[i] > largest ? x[i] : largest;
  return largest;
}

/// Writes exp(x - largest) and gives back the sum; what lies behind the last column becomes zero.
template <class T> constexpr T shifted_exponentials(const T* x, T largest, T* out, std::size_t columns) {
  if (std::is_constant_evaluated()) {
    T total{};
    for (std::size_t i = 0; i < columns; ++i) total += out[i] = math::exp(x[i] - largest);
    return total;
  }
  using vector = math::vector<T>;
  vector total(T{0});
  for (std::size_t i = 0; i < columns; i += static_cast<std::size_t>(vector::lanes)) {
    vector e = exp(vector::load_aligned(x + i) - vector(largest));
    if (columns - i < static_cast<std::size_t>(vector::lanes))
      e = select(vector::first_lanes_mask(static_cast<int>(columns - i)), e, vector(T{0}));
    e.store_aligned(out + i);
    total += e;
  }
  return sum(total);
}

} // namespace detail

template <class T> constexpr void softmax(const call<T>& c) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* x = c.arguments[0].data + row * c.arguments[0].stride;
    T* y = c.results[0].data + row * c.results[0].stride;
    const T total = detail::shifted_exponentials<T>(x, detail::largest_of_row<T>(x, c.columns), y, c.columns);
    for (std::size_t i = 0; i < c.columns; ++i) y[i] /= total;
  }
}

template <class T> constexpr void log_softmax(const call<T>& c) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* x = c.arguments[0].data + row * c.arguments[0].stride;
    T* y = c.results[0].data + row * c.results[0].stride;
    const T largest = detail::largest_of_row<T>(x, c.columns);
    const T shift = math::log(detail::shifted_exponentials<T>(x, largest, y, c.columns));
    for (std::size_t i = 0; i < c.columns; ++i) y[i] = (x[i] - largest) - shift;
  }
}

/// From logits and a target distribution: the probabilities, the sum of the target, and -sum(target * log(softmax)).
/// A class with target zero does not contribute, however unlikely it is.
template <class T> constexpr void softmax_cross_entropy(const call<T>& c) noexcept {
  for (std::size_t row = 0; row < c.rows; ++row) {
    const T* x = c.arguments[0].data + row * c.arguments[0].stride;
    const T* target = c.arguments[1].data + row * c.arguments[1].stride;
    T* probability = c.results[0].data + row * c.results[0].stride;
    const T largest = detail::largest_of_row<T>(x, c.columns);
    const T total = detail::shifted_exponentials<T>(x, largest, probability, c.columns);
    const T shift = math::log(total);
    T loss{}, target_sum{};
    for (std::size_t i = 0; i < c.columns; ++i) {
      if (target[i] != T{}) loss -= target[i] * ((x[i] - largest) - shift);
      target_sum += target[i];
      probability[i] /= total;
    }
    store_single(c.results[1], row, target_sum);
    store_single(c.results[2], row, loss);
  }
}

} // namespace fusegrad::kernel
