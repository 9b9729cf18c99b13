// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/repeated_columns.hpp>

#include "unit/kernel/support.hpp"

#include <array>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

constexpr bool repeats_in_constant_expressions() {
  std::array<float, kernel::padded<float>(6)> few{1, 2}, many{};
  kernel::call<float> c;
  c.rows = 1, c.widths[0] = 2, c.widths[1] = 6;
  c.arguments[0] = {few.data(), 0, 0, 0}, c.results[0] = {many.data(), 0, 0, 0};
  kernel::repeat_columns(c);
  if (many[0] != 1 || many[2] != 1 || many[3] != 2 || many[5] != 2) return false;
  c.widths[0] = 6, c.widths[1] = 2;
  c.arguments[0] = {many.data(), 0, 0, 0}, c.results[0] = {few.data(), 0, 0, 0};
  kernel::sum_repeated_columns(c);
  return few[0] == 3 && few[1] == 6;
}
static_assert(repeats_in_constant_expressions());

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_repeated_columns)

// The numbers are small multiples of 1/32: all sums are exact.
BOOST_AUTO_TEST_CASE_TEMPLATE(columns_stand_side_by_side_and_are_added_up_again, T, both_types) {
  for (std::size_t times = 1; times < 7; ++times)
    for (std::size_t width = 1; width < 70; width += width < 20 ? 1 : 7) {
      const std::size_t many = times * width, rows = 3;
      const std::size_t few_step = kernel::padded<T>(width) + 64 / sizeof(T), many_step = kernel::padded<T>(many);
      tensor::buffer<T> few(rows * few_step), wide(rows * many_step), sums(rows * few_step);
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t i = 0; i < width; ++i) few[r * few_step + i] = static_cast<T>((r * 31 + i * 7) % 64) / 32 - 1;
      for (std::size_t i = 0; i < wide.size(); ++i) wide[i] = 99;
      kernel::call<T> c;
      c.rows = rows, c.widths[0] = width, c.widths[1] = many;
      c.arguments[0] = {few.data(), few_step, 0, 0}, c.results[0] = {wide.data(), many_step, 0, 0};
      kernel::repeat_columns(c);
      bool is_repeated = true;
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t i = 0; i < many_step; ++i)
          is_repeated = is_repeated && wide[r * many_step + i] == (i < many ? few[r * few_step + i / times] : T{0});
      BOOST_TEST(is_repeated, width << " columns " << times << " times");
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t i = 0; i < many; ++i) wide[r * many_step + i] = static_cast<T>((r + i * i) % 64) / 32 - 1;
      for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = 99;
      c.widths[0] = many, c.widths[1] = width;
      c.arguments[0] = {wide.data(), many_step, 0, 0}, c.results[0] = {sums.data(), few_step, 0, 0};
      kernel::sum_repeated_columns(c);
      bool is_summed = true;
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t i = 0; i < kernel::padded<T>(width); ++i) {
          T sum{};
          for (std::size_t k = 0; k < times && i < width; ++k) sum += wide[r * many_step + i * times + k];
          is_summed = is_summed && sums[r * few_step + i] == sum;
        }
      BOOST_TEST(is_summed, width << " sums of " << times);
    }
}

BOOST_AUTO_TEST_SUITE_END()
