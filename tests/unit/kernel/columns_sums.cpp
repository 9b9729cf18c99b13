// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/columns_sums.hpp>

#include <vector>

#include "unit/kernel/support.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

constexpr std::size_t stride = 80;

/// Values by columns for `rows` samples, as many columns as a padded row has numbers. What stands behind the last
/// sample, and in the columns of the padding, is NaN: it must not reach a sum.
template <class T> tensor::buffer<T> values(std::size_t rows, std::size_t columns) {
  tensor::buffer<T> out((kernel::padded<T>(columns) + static_cast<std::size_t>(math::native_lanes<T>)) * stride);
  for (T& x : out) x = std::numeric_limits<T>::quiet_NaN();
  for (std::size_t column = 0; column < columns; ++column)
    for (std::size_t row = 0; row < rows; ++row) out[column * stride + row] = static_cast<T>(normal(engine()));
  return out;
}

template <class T> void check_near(T found, double expected, double scale) {
  BOOST_REQUIRE_SMALL(static_cast<double>(found) - expected,
                      4 * static_cast<double>(std::numeric_limits<T>::epsilon()) * (1 + scale));
}

/// The width in columns that a kernel is made for, as a constant.
template <class T, int Columns = 1, class Use> void with_columns(std::size_t columns, Use use) {
  if (kernel::columns_at_once<T>(columns) == Columns)
    use(std::integral_constant<int, Columns>{});
  else if constexpr (Columns < math::native_lanes<T>)
    with_columns<T, 2 * Columns>(columns, use);
}

template <class T>
void check_gradient(std::size_t rows, std::size_t depth, std::size_t columns, bool accumulate, bool of_few = false) {
  tensor::buffer<T> left = values<T>(rows, depth), right = values<T>(rows, columns);
  const std::size_t width = kernel::padded<T>(columns), begin = depth > 3 ? 1 : 0, end = depth > 4 ? depth - 1 : depth;
  tensor::buffer<T> found(depth * width);
  for (T& x : found) x = T(3);
  if (of_few)
    kernel::columns_gradient_of_few<stride>(left.data(), right.data(), rows, begin, end, columns, width, found.data(),
                                            accumulate);
  else
    with_columns<T>(columns, [&](auto at_once) {
      kernel::columns_gradient<at_once, stride>(left.data(), right.data(), rows, begin, end, columns, width,
                                                found.data(), accumulate);
    });
  for (std::size_t i = 0; i < depth; ++i)
    for (std::size_t o = 0; o < columns; ++o) {
      double sum = accumulate ? 3 : 0, scale = sum;
      for (std::size_t row = 0; row < rows; ++row) {
        const double term = static_cast<double>(left[i * stride + row]) * static_cast<double>(right[o * stride + row]);
        sum += term, scale += std::abs(term);
      }
      if (i < begin || i >= end)
        BOOST_REQUIRE_EQUAL(found[i * width + o], T(3));
      else
        check_near(found[i * width + o], sum, scale);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_columns_sums)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_gradient_is_that_of_plain_loops, T, both_types) {
  for (int i = 0; i < 150; ++i) check_gradient<T>(between(1, 64), between(1, 40), between(1, 33), i % 2 == 0);
  for (std::size_t columns : {1u, 2u, 3u, 4u, 8u, 16u, 32u}) check_gradient<T>(48, 16, columns, false);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_gradient_of_few_samples_is_the_same, T, both_types) {
  for (int i = 0; i < 400; ++i) {
    const std::size_t rows = between(1, 64), depth = between(1, 40), columns = between(1, 33);
    if (rows <= kernel::few_samples<T>(depth, columns)) check_gradient<T>(rows, depth, columns, i % 2 == 0, true);
  }
  if (math::native_lanes<T> >= 8) BOOST_TEST(kernel::few_samples<T>(16, 16) != 0u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sums_of_columns_and_of_all_are_those_of_plain_loops, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    const std::size_t rows = between(1, 64), columns = between(1, 33);
    const bool accumulate = i % 2 == 0;
    tensor::buffer<T> from = values<T>(rows, columns);
    tensor::buffer<T> found(kernel::padded<T>(columns));
    for (T& x : found) x = T(2);
    with_columns<T>(columns, [&](auto at_once) {
      kernel::sums_of_columns<at_once, stride>(from.data(), rows, columns, found.data(), accumulate);
    });
    double all = 0, scale_of_all = 0;
    for (std::size_t column = 0; column < columns; ++column) {
      double sum = 0, scale = 2;
      for (std::size_t row = 0; row < rows; ++row) {
        sum += static_cast<double>(from[column * stride + row]);
        scale += std::abs(static_cast<double>(from[column * stride + row]));
      }
      check_near(found[column], sum + (accumulate ? 2 : 0), scale);
      all += sum, scale_of_all += scale;
    }
    check_near(static_cast<T>(kernel::sum_of_all_columns<stride>(from.data(), rows, columns)), all, scale_of_all);
  }
}

BOOST_AUTO_TEST_SUITE_END()
