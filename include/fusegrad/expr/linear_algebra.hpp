// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <fusegrad/expr/functions.hpp>
#include <fusegrad/math/elementary.hpp>
#include <type_traits>

// Vectors are `std::array<T, N>`, matrices arrays of rows, of traced values, numbers or dual numbers; in a traced
// function all of these are found through their arguments.
namespace fusegrad::expr::inline FUSEGRAD_ABI {

namespace small {
using math::exp, math::log, math::sqrt, math::abs, math::max, math::select;

template <class T> constexpr auto root(const T& x) { return sqrt(x); }
template <class T> constexpr auto size_of(const T& x) { return abs(x); }
template <class T> constexpr auto exponential(const T& x) { return exp(x); }
template <class T> constexpr auto logarithm(const T& x) { return log(x); }
template <class T> constexpr T larger(const T& a, const T& b) { return max(a, b); }
template <class C, class T> constexpr T chosen(const C& condition, const T& a, const T& b) {
  return select(condition, a, b);
}
/// A number as the type of `sample`, which may be traced.
template <class T, class Number> constexpr T like(const T& sample, const Number& value) {
  if constexpr (std::same_as<T, Number>)
    return value;
  else if constexpr (std::same_as<T, traced>)
    return detail::resolve(*sample.owner, value);
  else
    return T(value);
}
template <class T> constexpr T constant_of(const T& x) {
  if constexpr (requires { stop_gradient(x); })
    return stop_gradient(x);
  else
    return x;
}
} // namespace small

/// The sum of the elements of a vector.
template <class T, std::size_t N> constexpr auto sum(const std::array<T, N>& v) {
  T total = v[0];
  for (std::size_t i = 1; i < N; ++i) total = total + v[i];
  return total;
}

/// The scalar product.
template <class A, class B, std::size_t N> constexpr auto dot(const std::array<A, N>& a, const std::array<B, N>& b) {
  auto total = a[0] * b[0];
  for (std::size_t i = 1; i < N; ++i) total = total + a[i] * b[i];
  return total;
}

/// The Euclidean length; its derivative is zero at the origin.
template <class T, std::size_t N> constexpr auto norm(const std::array<T, N>& v) {
  const T square = dot(v, v);
  return small::chosen(square == 0, square, small::root(square));
}

/// The vector product in three dimensions.
template <class A, class B> constexpr auto cross(const std::array<A, 3>& a, const std::array<B, 3>& b) {
  return std::array{a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

/// log(exp(v[0]) + exp(v[1]) + ...) without overflow; its gradient is the softmax.
template <class T, std::size_t N> constexpr auto log_sum_exp(const std::array<T, N>& v) {
  T largest = v[0];
  for (std::size_t i = 1; i < N; ++i) largest = small::larger(largest, v[i]);
  const T shift = small::constant_of(largest);
  T total = small::exponential(v[0] - shift);
  for (std::size_t i = 1; i < N; ++i) total = total + small::exponential(v[i] - shift);
  return shift + small::logarithm(total);
}

template <class T, std::size_t N, std::size_t M> constexpr auto transpose(const std::array<std::array<T, M>, N>& a) {
  std::array<std::array<T, N>, M> out{};
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t k = 0; k < M; ++k) out[k][i] = a[i][k];
  return out;
}

/// Matrix times vector.
template <class A, class B, std::size_t N, std::size_t M>
constexpr auto matmul(const std::array<std::array<A, M>, N>& a, const std::array<B, M>& x) {
  std::array<decltype(a[0][0] * x[0]), N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = dot(a[i], x);
  return out;
}
/// Matrix times matrix.
template <class A, class B, std::size_t N, std::size_t M, std::size_t K>
constexpr auto matmul(const std::array<std::array<A, M>, N>& a, const std::array<std::array<B, K>, M>& b) {
  std::array<std::array<decltype(a[0][0] * b[0][0]), K>, N> out{};
  for (std::size_t k = 0; k < K; ++k) {
    std::array<B, M> column{};
    for (std::size_t i = 0; i < M; ++i) column[i] = b[i][k];
    for (std::size_t i = 0; i < N; ++i) out[i][k] = dot(a[i], column);
  }
  return out;
}

namespace small {

/// Brings `rows` below the diagonal to zero. The largest element of each column becomes the pivot by exchanges that are
/// choices between values, so it is the same for traced values, whose size is not known yet. Gives back minus one to
/// the number of exchanges.
template <class T, std::size_t N, std::size_t Width> constexpr T eliminate(std::array<std::array<T, Width>, N>& rows) {
  T sign = like(rows[0][0], 1);
  for (std::size_t k = 0; k < N; ++k) {
    for (std::size_t i = k + 1; i < N; ++i) {
      const auto is_larger = size_of(rows[k][k]) < size_of(rows[i][k]);
      for (std::size_t j = k; j < Width; ++j) {
        const T upper = rows[k][j], lower = rows[i][j];
        rows[k][j] = chosen(is_larger, lower, upper);
        rows[i][j] = chosen(is_larger, upper, lower);
      }
      sign = chosen(is_larger, T(-sign), sign);
    }
    for (std::size_t i = k + 1; i < N; ++i) {
      const T factor = rows[i][k] / rows[k][k];
      for (std::size_t j = k + 1; j < Width; ++j) rows[i][j] = rows[i][j] - factor * rows[k][j];
    }
  }
  return sign;
}

template <class T, std::size_t N, std::size_t K>
constexpr auto solve_all(const std::array<std::array<T, N>, N>& a, const std::array<std::array<T, K>, N>& b) {
  std::array<std::array<T, N + K>, N> rows{};
  for (std::size_t i = 0; i < N; ++i) {
    for (std::size_t j = 0; j < N; ++j) rows[i][j] = a[i][j];
    for (std::size_t j = 0; j < K; ++j) rows[i][N + j] = b[i][j];
  }
  static_cast<void>(eliminate(rows));
  std::array<std::array<T, K>, N> x{};
  for (std::size_t i = N; i-- > 0;) {
    for (std::size_t j = 0; j < K; ++j) {
      T rest = rows[i][N + j];
      for (std::size_t m = i + 1; m < N; ++m) rest = rest - rows[i][m] * x[m][j];
      x[i][j] = rest / rows[i][i];
    }
  }
  return x;
}

} // namespace small

/// The x with a x = b, by elimination with pivots. A singular matrix gives infinities or NaN.
template <class A, class B, std::size_t N>
constexpr auto solve(const std::array<std::array<A, N>, N>& a, const std::array<B, N>& b) {
  const auto sample = a[0][0] * b[0];
  using T = std::remove_const_t<decltype(sample)>;
  std::array<std::array<T, N>, N> matrix{};
  std::array<std::array<T, 1>, N> column{};
  for (std::size_t i = 0; i < N; ++i) {
    column[i][0] = small::like(sample, b[i]);
    for (std::size_t j = 0; j < N; ++j) matrix[i][j] = small::like(sample, a[i][j]);
  }
  const auto x = small::solve_all(matrix, column);
  std::array<T, N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = x[i][0];
  return out;
}

template <class T, std::size_t N> constexpr auto determinant(std::array<std::array<T, N>, N> a) {
  T product = small::eliminate(a);
  for (std::size_t i = 0; i < N; ++i) product = product * a[i][i];
  return product;
}

template <class T, std::size_t N> constexpr auto inverse(const std::array<std::array<T, N>, N>& a) {
  std::array<std::array<T, N>, N> one{};
  for (std::size_t i = 0; i < N; ++i)
    for (std::size_t j = 0; j < N; ++j) one[i][j] = small::like(a[0][0], i == j ? 1 : 0);
  return small::solve_all(a, one);
}

} // namespace fusegrad::expr::inline FUSEGRAD_ABI

namespace fusegrad {
using expr::cross, expr::determinant, expr::dot, expr::inverse, expr::log_sum_exp, expr::matmul, expr::norm,
    expr::solve, expr::sum, expr::transpose;
} // namespace fusegrad
