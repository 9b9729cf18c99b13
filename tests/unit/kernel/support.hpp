// SPDX-License-Identifier: MIT
#pragma once

#include "random.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/expr/functions.hpp>
#include <fusegrad/expr/values.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <limits>
#include <random>
#include <tuple>

namespace fusegrad::test {

using both_types = std::tuple<float, double>;

/// The table of a generic function of `Arity` arguments.
template <class F, std::size_t Arity>
inline constexpr auto expression_table = expr::recorded<expr::recipe_of<F>, Arity>.body;

template <class... Access> constexpr auto accesses(Access... how) {
  return kernel::access_list<sizeof...(Access)>{{how...}};
}

/// The expression of a result that is stored as it is.
using kept = decltype([](auto x) { return x; });

inline std::mt19937& engine() {
  static std::mt19937 shared{42};
  return shared;
}
inline std::size_t between(std::size_t low, std::size_t high) {
  return std::uniform_int_distribution<std::size_t>(low, high)(engine());
}

/// How rows of samples lie in memory. Behind the padding there may be a vector more, which nothing reads or writes;
/// behind the last row there is the slack that kernels may read and overwrite.
template <class T> struct in_rows {
  static std::size_t size(std::size_t count, std::size_t width) {
    return (count + kernel::row_slack) * kernel::row_stride<T>(width);
  }
  static std::size_t index(std::size_t, std::size_t width, std::size_t row, std::size_t column) {
    return row * kernel::row_stride<T>(width) + column;
  }
};
/// How weights and their gradients lie.
template <class T> struct in_panels {
  static std::size_t size(std::size_t count, std::size_t width) { return count * kernel::padded<T>(width); }
  static std::size_t index(std::size_t count, std::size_t width, std::size_t row, std::size_t column) {
    return kernel::panel_index<T>(count, width, row, column);
  }
};

/// A matrix as kernels see it, with a guard zone before and behind that nothing may touch. All of it starts as NaN, so
/// that nothing that was never written can reach a result unseen.
template <class T, class Layout> class matrix {
public:
  static constexpr T guard = T(12345);
  static constexpr T nan = std::numeric_limits<T>::quiet_NaN();
  static constexpr std::size_t guard_size = 64;

  matrix(std::size_t count, std::size_t width)
      : count_{count}, width_{width}, memory_{2 * guard_size + Layout::size(count, width)} {
    for (T& x : memory_) x = nan;
    for (std::size_t i = 0; i < guard_size; ++i) memory_[i] = memory_[memory_.size() - 1 - i] = guard;
  }
  /// Random numbers, and behind each row what the padding holds.
  matrix& fill(T padding = T{}) {
    for (std::size_t r = 0; r < count_; ++r)
      for (std::size_t k = 0; k < kernel::padded<T>(width_); ++k)
        at(r, k) = k < width_ ? static_cast<T>(normal(engine())) : padding;
    return *this;
  }
  /// The numbers of another, and its padding.
  void copy(matrix& other) { std::memcpy(data(), other.data(), Layout::size(count_, width_) * sizeof(T)); }

  std::size_t count() const { return count_; }
  std::size_t width() const { return width_; }
  std::size_t size() const { return Layout::size(count_, width_); }
  std::size_t stride() const { return kernel::row_stride<T>(width_); }
  T* data() { return memory_.data() + guard_size; }
  T& at(std::size_t row, std::size_t column) { return data()[Layout::index(count_, width_, row, column)]; }
  kernel::place<T> place() { return {data(), stride(), 0, 0}; }

  void check_untouched_around() {
    bool untouched = true;
    for (std::size_t i = 0; i < guard_size; ++i)
      untouched = untouched && memory_[i] == guard && memory_[memory_.size() - 1 - i] == guard;
    BOOST_REQUIRE(untouched);
  }
  /// For results that are not made in blocks of rows.
  void check_slack_untouched() {
    bool untouched = true;
    for (std::size_t i = count_ * stride(); i < size(); ++i) untouched = untouched && std::isnan(data()[i]);
    BOOST_REQUIRE(untouched);
  }
  void check_padding_is_zero() {
    bool zero = true;
    for (std::size_t r = 0; r < count_; ++r)
      for (std::size_t k = width_; k < kernel::padded<T>(width_); ++k) zero = zero && at(r, k) == T{};
    BOOST_REQUIRE(zero);
  }
  /// Equal to the other to within so many units in the last place; 0 asks for the same bits.
  void check_equal(matrix& other, double ulps) {
    for (std::size_t r = 0; r < count_; ++r)
      for (std::size_t k = 0; k < width_; ++k) {
        const double a = static_cast<double>(at(r, k)), b = static_cast<double>(other.at(r, k));
        if (std::abs(a - b) <= ulps * static_cast<double>(std::numeric_limits<T>::epsilon()) * std::abs(b)) continue;
        BOOST_FAIL("row " << r << ", column " << k << ": " << a << ", expected " << b);
      }
  }

private:
  std::size_t count_, width_;
  tensor::buffer<T> memory_;
};
template <class T> using rows = matrix<T, in_rows<T>>;
template <class T> using panelled = matrix<T, in_panels<T>>;

/// True where some width up to 300 is cut this way.
template <class T> constexpr bool is_in_use(kernel::column_tiles tiles) {
  for (std::size_t columns = 1; columns <= 300; ++columns)
    if (kernel::tiles_for<T>(columns) == tiles) return true;
  return false;
}

/// Calls `use` with the cut that this number of columns has, as a constant.
template <class T, int Wide = 1, int Rest = 0, class Use> void with_tiles_for(std::size_t columns, Use&& use) {
  constexpr kernel::column_tiles tiles{Wide, Rest};
  if constexpr (Wide <= 4) {
    if constexpr (is_in_use<T>(tiles))
      if (kernel::tiles_for<T>(columns) == tiles)
        return use(std::integral_constant<int, Wide>{}, std::integral_constant<int, Rest>{});
    if constexpr (Rest + 1 < Wide)
      with_tiles_for<T, Wide, Rest + 1>(columns, use);
    else
      with_tiles_for<T, Wide + 1, 0>(columns, use);
  } else {
    BOOST_FAIL("no tiles for " << columns << " columns");
  }
}

} // namespace fusegrad::test
