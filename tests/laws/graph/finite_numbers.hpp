// SPDX-License-Identifier: MIT
#pragma once

#include "laws/expr/extremes.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace fusegrad::test {

/// The floats, as T: for double magnitudes beyond them as well, and everything next to where an activation has a kink
/// or a bound.
template <class T> std::vector<T> finite_numbers() {
  std::vector<T> all;
  for (float x : floats()) all.push_back(static_cast<T>(x));
  using limits = std::numeric_limits<T>;
  for (T edge : {T(0), T(1), T(3), T(6), T(20), T(24), T(88.72284), T(103.97), T(709.78), T(745.13), limits::max(),
                 limits::min(), limits::denorm_min(), limits::max() / 2, limits::max() / 6, std::sqrt(limits::max()),
                 T(40) / T(3), std::sqrt(T(800)), T(1e300)})
    for (T x : {edge, std::nextafter(edge, T(0)), std::nextafter(edge, limits::max())})
      if (std::isfinite(x)) all.insert(all.end(), {x, -x});
  return all;
}

template <class T> bool has_nan(T a, T b) { return std::isnan(a) || std::isnan(b); }

template <class Activation> struct value_and_slope {
  template <class X> constexpr auto operator()(X x) const {
    return fusegrad::values(Activation{}(x), fusegrad::derivative(Activation{})(x));
  }
};

} // namespace fusegrad::test
