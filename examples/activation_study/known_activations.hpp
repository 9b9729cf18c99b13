// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>

// The catalogue as a table for run time: nets whose depth is no part of a type (chain.hpp) choose an activation by
// name.
namespace study {

/// An activation and its slope over arrays; `parameter` is its learned number, for those that have one. Expressions of
/// the library.
template <class T> struct array_functions {
  void (*value)(const T* x, T* y, std::size_t count, T parameter);
  void (*slope)(const T* x, T* slope, std::size_t count, T parameter);
};

struct known_activation {
  std::string_view name;
  array_functions<float> in_float;
  array_functions<double> in_double;
  double gain;          ///< keeps the mean square of the signal
  double gradient_gain; ///< keeps that of the gradient
  double parameter;     ///< where the learned number starts
  std::string_view slope_formula;

  template <class T> const array_functions<T>& of() const {
    if constexpr (sizeof(T) == sizeof(float))
      return in_float;
    else
      return in_double;
  }
  template <class T> T value(T x) const {
    T y;
    of<T>().value(&x, &y, 1, static_cast<T>(parameter));
    return y;
  }
  template <class T> T slope(T x) const {
    T y;
    of<T>().slope(&x, &y, 1, static_cast<T>(parameter));
    return y;
  }
  /// Whether it stays within bounds: it does not grow between large numbers.
  bool is_bounded() const { return std::abs(value(1e4)) < 100 && std::abs(value(-1e4)) < 100; }
};

/// Every activation that works number by number.
std::span<const known_activation> known_activations();

/// Throws std::out_of_range for one that is not in the catalogue.
const known_activation& activation_named(std::string_view name);

} // namespace study
