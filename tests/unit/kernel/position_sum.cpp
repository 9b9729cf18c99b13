// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/position_sum.hpp>

#include "unit/kernel/image_case.hpp"

#include <array>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

constexpr bool sums_in_constant_expressions() {
  constexpr std::size_t step = kernel::padded<double>(2);
  std::array<double, 3 * step> line{};
  std::array<double, step> sum{};
  for (std::size_t x = 0; x < 3; ++x) line[x * step] = static_cast<double>(x), line[x * step + 1] = 10;
  kernel::call<double> c;
  c.rows = 3, c.columns = 2;
  c.arguments[0] = {line.data(), step, 3 * step, 3 * step}, c.results[0] = {sum.data(), step, step, step};
  kernel::position_sum(c);
  return sum[0] == 3 && sum[1] == 30;
}
static_assert(sums_in_constant_expressions());

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_position_sum)

// The numbers are multiples of 1/32: their sums are exact.
BOOST_AUTO_TEST_CASE_TEMPLATE(sums_are_those_of_plain_loops, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    const std::size_t samples = between(1, 4), rows = between(1, 9), columns = between(1, 9), width = between(1, 70);
    images<T> image(aligned_layout<T>(samples, rows, columns, width, between(0, 2)));
    images<T> sum(aligned_layout<T>(samples, 1, 1, width, between(0, 1))), expected(sum.layout());
    image.fill(T{0});
    for (std::size_t s = 0; s < samples; ++s)
      for (std::size_t k = 0; k < width; ++k) {
        T& total = expected.position(s, 0, 0)[k] = 0;
        for (std::size_t y = 0; y < rows; ++y)
          for (std::size_t x = 0; x < columns; ++x) total += image.position(s, y, x)[k];
      }
    kernel::call<T> c;
    c.samples = samples, c.image_rows = rows, c.rows = columns, c.columns = width;
    c.arguments[0] = image.place(), c.results[0] = sum.place();
    kernel::position_sum(c);
    sum.check(expected, 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
