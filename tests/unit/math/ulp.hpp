// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include <fusegrad/math/number.hpp>

/// Comparison of a function with a reference in long double, shared by the tests of the elementary functions.
namespace fusegrad::math::testing {

inline constexpr double hopeless = 1e9;

/// Distance of `got` from the exact value in units of the last place of T; `hopeless` for a NaN, Inf or sign out of
/// place.
template <class T> double ulp_error(T got, long double exact) {
  constexpr T largest = std::numeric_limits<T>::max();
  if (std::isnan(exact) || std::isnan(got)) return std::isnan(exact) && std::isnan(got) ? 0 : hopeless;
  const T rounded_exact = static_cast<T>(exact);
  if (std::isinf(got) || std::isinf(rounded_exact)) {
    // The border of overflow may be one step off.
    const bool close = std::abs(got) >= largest && std::abs(rounded_exact) >= largest;
    return close && std::signbit(got) == std::signbit(rounded_exact) ? 0 : hopeless;
  }
  if (got == 0 && rounded_exact == 0) return std::signbit(got) == std::signbit(exact) ? 0 : hopeless;
  int exponent = 0;
  std::frexp(exact, &exponent);
  const int lowest = std::numeric_limits<T>::min_exponent;
  const long double unit = std::ldexp(1.0L, (exponent > lowest ? exponent : lowest) - std::numeric_limits<T>::digits);
  return static_cast<double>(std::abs(static_cast<long double>(got) - exact) / unit);
}

/// Values at which functions have corners.
template <class T> std::vector<T> edges() {
  using limits = std::numeric_limits<T>;
  std::vector<T> result;
  for (const T x : {T(0),
                    limits::denorm_min(),
                    T(3) * limits::denorm_min(),
                    limits::min() / 2,
                    limits::min(),
                    limits::epsilon(),
                    T(0.25),
                    T(0.5),
                    T(1),
                    T(1.5),
                    T(2),
                    T(3),
                    T(88),
                    T(88.72),
                    T(88.73),
                    T(103.9),
                    T(104.1),
                    T(709.7),
                    T(709.79),
                    T(745.1),
                    T(745.2),
                    T(1e4),
                    T(1e5),
                    T(1e30),
                    limits::max(),
                    limits::infinity(),
                    limits::quiet_NaN()}) {
    for (const T y : {x, std::nextafter(x, T(0)), std::nextafter(x, limits::infinity())}) {
      result.push_back(y);
      result.push_back(-y);
    }
  }
  return result;
}

/// Every stride-th of all float bit patterns, or as many random doubles; uniform numbers of ordinary size; the edges.
template <class T> std::vector<T> sweep(std::size_t count) {
  std::vector<T> result = edges<T>();
  std::mt19937_64 generator(20);
  for (std::size_t i = 0; i < count; ++i) {
    if constexpr (sizeof(T) == 4)
      result.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(i * ((std::uint64_t{1} << 32) / count))));
    else
      result.push_back(std::bit_cast<double>(generator()));
  }
  for (const double range : {1.0, 10.0, 100.0, 1000.0}) {
    std::uniform_real_distribution<double> uniform(-range, range);
    for (std::size_t i = 0; i < count / 8; ++i) result.push_back(static_cast<T>(uniform(generator)));
  }
  result.resize(result.size() / 16 * 16);
  return result;
}

template <class T> bool same_bits(T a, T b) {
  using bits = unsigned_of<T>;
  return std::bit_cast<bits>(a) == std::bit_cast<bits>(b) || (a != a && b != b);
}

/// Checks that `function` stays within `bound` ulp of `reference`, and that scalars and vectors give the same bits.
template <class T, class Function, class Reference>
void check_accuracy(Function function, Reference reference, double bound, const std::vector<T>& inputs) {
  using native = vector<T>;
  double worst = 0;
  T worst_input = 0;
  std::size_t different = 0;
  for (std::size_t i = 0; i < inputs.size(); i += static_cast<std::size_t>(native::lanes)) {
    const native result = function(native::load(&inputs[i]));
    for (int lane = 0; lane < native::lanes; ++lane) {
      const T x = inputs[i + static_cast<std::size_t>(lane)];
      if (!same_bits(function(x), result[lane])) ++different;
      const double error = ulp_error(result[lane], reference(static_cast<long double>(x)));
      if (error > worst) {
        worst = error;
        worst_input = x;
      }
    }
  }
  BOOST_TEST_CONTEXT("worst argument " << std::hexfloat << worst_input << " in " << 8 * sizeof(T) << " bits") {
    BOOST_TEST(worst <= bound);
    BOOST_TEST(worst > 0.0);
    BOOST_TEST(different == 0U);
  }
}

/// The same over a sweep of `count` numbers of both types.
template <class Function, class Reference>
void check_accuracy(Function function, Reference reference, double bound, double bound_double,
                    std::size_t count = 300'000) {
  check_accuracy<float>(function, reference, bound, sweep<float>(count));
  check_accuracy<double>(function, reference, bound_double, sweep<double>(count / 2));
}

inline constexpr std::array sample_points{-80.5,  -20.25, -3.7,  -1.0,    -0.999, -0.6, -0.3,   -0.01, -1e-6,
                                          -1e-20, 0.0,    1e-20, 1e-6,    0.01,   0.3,  0.4999, 0.707, 0.93,
                                          1.0,    1.5,    2.75,  3.14159, 10.0,   17.5, 50.25,  80.5,  1e5};

/// Checks that Function gives the same in a constant expression and at run time, up to two units of the last place.
template <class T, auto Function> void check_constant() {
  static constexpr auto constant = [] {
    std::array<T, sample_points.size()> result{};
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = Function(static_cast<T>(sample_points[i]));
    return result;
  }();
  for (std::size_t i = 0; i < constant.size(); ++i) {
    volatile T x = static_cast<T>(sample_points[i]);
    const T value = Function(static_cast<T>(x));
    BOOST_TEST_CONTEXT("at " << x) { BOOST_TEST(ulp_error(value, static_cast<long double>(constant[i])) <= 2.0); }
  }
}

template <auto Function> void check_constant() {
  check_constant<float, Function>();
  check_constant<double, Function>();
}

} // namespace fusegrad::math::testing
