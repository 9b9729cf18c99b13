// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/position_sums.hpp>

#include "unit/kernel/image_case.hpp"

#include <array>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

using kernel::access;

using plain = kernel::position_sums<double, expression_table<kept, 1>, accesses(access::element)>;

constexpr bool sums_in_constant_expressions() {
  constexpr std::size_t step = kernel::padded<double>(2);
  std::array<double, 3 * step> line{};
  std::array<double, step> sum{};
  for (std::size_t x = 0; x < 3; ++x) line[x * step] = static_cast<double>(x), line[x * step + 1] = 10;
  kernel::call<double> c;
  c.rows = 3, c.columns = 2;
  c.arguments[0] = {line.data(), step, 3 * step, 3 * step}, c.results[0] = {sum.data(), step, step, step};
  plain::run(c);
  return sum[0] == 3 && sum[1] == 30;
}
static_assert(sums_in_constant_expressions());

/// What batch normalisation sums on the way back: gradients, and gradients times the distance from a mean.
using of_gradients = decltype([](auto x, auto mean, auto dy) { return values((x - mean) * dy, dy); });
using three = decltype([](auto x, auto mean, auto dy) { return values((x - mean) * dy, dy, x); });

/// The numbers are multiples of 1/32: their sums are exact, in whatever order.
template <class T, class Function, std::size_t Results> void check_against_plain_loops() {
  using sums = kernel::position_sums<T, expression_table<Function, 3>,
                                     accesses(access::element, access::column, access::element)>;
  for (int i = 0; i < 100; ++i) {
    const std::size_t samples = between(1, 4), rows = between(1, 9), columns = between(1, 9), width = between(1, 70);
    images<T> x(aligned_layout<T>(samples, rows, columns, width, between(0, 2)));
    images<T> dy(aligned_layout<T>(samples, rows, columns, width, between(0, 2)));
    test::rows<T> mean(1, width);
    x.fill(T{0}), dy.fill(T{0}), mean.fill(T{0});
    for (std::size_t k = 0; k < width; ++k) mean.at(0, k) = static_cast<T>(between(0, 64)) / 32 - 1;
    for (const bool is_plain : {false, true}) {
      std::vector<images<T>> made, expected;
      for (std::size_t k = 0; k < Results; ++k) {
        made.emplace_back(aligned_layout<T>(samples, 1, 1, width, static_cast<std::size_t>(i % 2)));
        expected.emplace_back(made.back().layout());
      }
      for (std::size_t s = 0; s < samples; ++s)
        for (std::size_t k = 0; k < width; ++k) {
          std::array<T, 3> totals{};
          for (std::size_t y = 0; y < rows; ++y)
            for (std::size_t at = 0; at < columns; ++at) {
              const T seen = x.position(s, y, at)[k], slope = dy.position(s, y, at)[k];
              totals[0] += (seen - mean.at(0, k)) * slope, totals[1] += slope, totals[2] += seen;
            }
          for (std::size_t r = 0; r < Results; ++r) expected[r].position(s, 0, 0)[k] = totals[r];
        }
      kernel::call<T> c;
      c.samples = samples, c.image_rows = rows, c.rows = columns, c.columns = width;
      c.arguments[0] = x.place(), c.arguments[1] = {mean.data(), 0, 0, 0}, c.arguments[2] = dy.place();
      for (std::size_t r = 0; r < Results; ++r) c.results[r] = made[r].place();
      is_plain ? sums::run_plainly(c) : sums::run(c);
      for (std::size_t r = 0; r < Results; ++r) is_plain ? void() : made[r].check(expected[r], 0);
      for (std::size_t s = 0; s < samples; ++s)
        for (std::size_t r = 0; r < Results; ++r)
          for (std::size_t k = 0; k < width; ++k)
            BOOST_REQUIRE_EQUAL(made[r].position(s, 0, 0)[k], expected[r].position(s, 0, 0)[k]);
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_position_sums)

BOOST_AUTO_TEST_CASE_TEMPLATE(two_sums_are_those_of_plain_loops, T, both_types) {
  check_against_plain_loops<T, of_gradients, 2>();
}
BOOST_AUTO_TEST_CASE_TEMPLATE(and_so_are_more_of_them, T, both_types) { check_against_plain_loops<T, three, 3>(); }

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
    kernel::position_sums<T, expression_table<kept, 1>, accesses(access::element)>::run(c);
    sum.check(expected, 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
