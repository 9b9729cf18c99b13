// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/window_sum.hpp>

#include "unit/kernel/window_case.hpp"

#include <array>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

template <class T> void clear(images<T>& all) {
  const image_layout& l = all.layout();
  for (std::size_t s = 0; s < l.samples; ++s)
    for (std::size_t y = 0; y < l.rows; ++y)
      for (std::size_t x = 0; x < l.columns; ++x)
        for (std::size_t k = 0; k < l.width; ++k) all.position(s, y, x)[k] = 0;
}

/// Windows of two over 1, 2, 4, and back: each number as often as a window sees it.
constexpr bool sums_in_constant_expressions() {
  constexpr std::size_t step = kernel::padded<float>(1);
  std::array<float, 3 * step> line{};
  line[0] = 1, line[step] = 2, line[2 * step] = 4;
  std::array<float, 2 * step> sums{};
  constexpr tensor::image_window pairs{{{1}, {2}}, 1, 3, 1, 2};
  kernel::call<float> c;
  c.columns = 1, c.window = &pairs;
  c.arguments[0] = {line.data(), step, 3 * step, 3 * step}, c.results[0] = {sums.data(), step, 2 * step, 2 * step};
  kernel::window_sum(c);
  if (sums[0] != 3 || sums[step] != 6) return false;
  c.arguments[0] = {sums.data(), step, 2 * step, 2 * step}, c.results[0] = {line.data(), step, 3 * step, 3 * step};
  kernel::transposed_window_sum(c);
  return line[0] == 3 && line[step] == 9 && line[2 * step] == 6;
}
static_assert(sums_in_constant_expressions());

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_window_sum)

// The numbers are multiples of 1/32: their sums are exact, and -0 is 0.
BOOST_AUTO_TEST_CASE_TEMPLATE(sums_are_those_of_plain_loops, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    const window_case w(false);
    auto image = w.image<T>(), sums = w.positions<T>();
    image.fill(T{0});
    images<T> expected(sums.layout());
    clear(expected);
    w.each_position([&](std::size_t s, std::size_t y, std::size_t x) {
      for (const auto& at : w.seen_at(y, x))
        for (std::size_t k = 0; k < w.channels; ++k) expected.position(s, y, x)[k] += image.position(s, at.y, at.x)[k];
    });
    auto c = w.call<T>();
    c.arguments[0] = image.place(), c.results[0] = sums.place();
    kernel::window_sum(c);
    sums.check(expected, 0);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_way_back_adds_all_windows_that_see_a_position, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    const window_case w(false);
    auto image = w.image<T>(), sums = w.positions<T>();
    sums.fill(T{0});
    images<T> expected(image.layout());
    clear(expected);
    w.each_position([&](std::size_t s, std::size_t y, std::size_t x) {
      for (const auto& at : w.seen_at(y, x))
        for (std::size_t k = 0; k < w.channels; ++k) expected.position(s, at.y, at.x)[k] += sums.position(s, y, x)[k];
    });
    auto c = w.call<T>();
    c.arguments[0] = sums.place(), c.results[0] = image.place();
    kernel::transposed_window_sum(c);
    image.check(expected, 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
