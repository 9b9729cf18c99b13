// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/interpolation.hpp>

#include "unit/kernel/window_case.hpp"

#include <array>
#include <cmath>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

/// 1 and 5 twice as long: a quarter and three quarters of the way between them; and back.
constexpr bool interpolates_in_constant_expressions() {
  constexpr std::size_t step = kernel::padded<float>(1);
  std::array<float, 2 * step> few{};
  few[0] = 1, few[step] = 5;
  std::array<float, 4 * step> many{};
  constexpr tensor::image_window doubled{{{}, {2, 2}}, 1, 4, 1, 2};
  kernel::call<float> c;
  c.columns = 1, c.window = &doubled;
  c.arguments[0] = {few.data(), step, 2 * step, 2 * step}, c.results[0] = {many.data(), step, 4 * step, 4 * step};
  kernel::interpolate(c);
  if (many[0] != 1 || many[step] != 2 || many[2 * step] != 4 || many[3 * step] != 5) return false;
  c.arguments[0] = {many.data(), step, 4 * step, 4 * step}, c.results[0] = {few.data(), step, 2 * step, 2 * step};
  kernel::gather_interpolated(c);
  return few[0] == 1 + 1.5f + 1 && few[step] == 0.5f + 3 + 5;
}
static_assert(interpolates_in_constant_expressions());

/// Windows of random size that cover an image side by side.
struct covering_case : window_case {
  covering_case() : window_case(false) {
    w.made_rows = number(7), w.made_columns = number(7);
    w.seen = {};
    w.seen.rows.size = w.seen.rows.stride = number(4), w.seen.columns.size = w.seen.columns.stride = number(4);
    w.image_rows = w.made_rows * w.seen.rows.size, w.image_columns = w.made_columns * w.seen.columns.size;
  }
  static std::uint32_t number(std::size_t most) { return static_cast<std::uint32_t>(between(1, most)); }

  /// PyTorch's formula without `align_corners`: the share of a position in a place.
  template <class T> static T share(std::size_t place, std::size_t position, std::size_t factor, std::size_t count) {
    const T real = std::max(T{0}, (static_cast<T>(place) + T{0.5}) / static_cast<T>(factor) - T{0.5});
    const auto first = static_cast<std::size_t>(real);
    const T second = real - static_cast<T>(first);
    T sum{};
    if (position == first) sum += 1 - second;
    if (position == std::min(first + 1, count - 1)) sum += second;
    return sum;
  }
  template <class T> T share_of(std::size_t y, std::size_t x, std::size_t position_y, std::size_t position_x) const {
    return share<T>(y, position_y, w.seen.rows.size, w.made_rows) *
           share<T>(x, position_x, w.seen.columns.size, w.made_columns);
  }
  /// Calls `use(sample, y, x, position_y, position_x, share)` for all pairs of a place and a position.
  template <class T, class Use> void each_pair(Use use) const {
    for (std::size_t s = 0; s < samples; ++s)
      for (std::size_t y = 0; y < w.image_rows; ++y)
        for (std::size_t x = 0; x < w.image_columns; ++x)
          for (std::size_t i = 0; i < w.made_rows; ++i)
            for (std::size_t j = 0; j < w.made_columns; ++j) use(s, y, x, i, j, share_of<T>(y, x, i, j));
  }
};

template <class T> void clear(images<T>& all) {
  const image_layout& l = all.layout();
  for (std::size_t s = 0; s < l.samples; ++s)
    for (std::size_t y = 0; y < l.rows; ++y)
      for (std::size_t x = 0; x < l.columns; ++x)
        for (std::size_t k = 0; k < l.width; ++k) all.position(s, y, x)[k] = 0;
}
template <class T> constexpr double most_error = std::is_same_v<T, float> ? 1e-5 : 1e-13;

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_interpolation)

BOOST_AUTO_TEST_CASE_TEMPLATE(places_are_means_of_positions, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    const covering_case w;
    auto image = w.image<T>(), positions = w.positions<T>();
    positions.fill(T{0});
    images<T> expected(image.layout());
    clear(expected);
    w.each_pair<T>([&](std::size_t s, std::size_t y, std::size_t x, std::size_t py, std::size_t px, T share) {
      for (std::size_t k = 0; k < w.channels; ++k)
        expected.position(s, y, x)[k] += share * positions.position(s, py, px)[k];
    });
    auto c = w.call<T>();
    c.arguments[0] = positions.place(), c.results[0] = image.place();
    kernel::interpolate(c);
    image.check(expected, most_error<T>);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_way_back_gathers_the_same_shares, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    const covering_case w;
    auto image = w.image<T>(), positions = w.positions<T>();
    image.fill(T{0});
    images<T> expected(positions.layout());
    clear(expected);
    w.each_pair<T>([&](std::size_t s, std::size_t y, std::size_t x, std::size_t py, std::size_t px, T share) {
      for (std::size_t k = 0; k < w.channels; ++k)
        expected.position(s, py, px)[k] += share * image.position(s, y, x)[k];
    });
    auto c = w.call<T>();
    c.arguments[0] = image.place(), c.results[0] = positions.place();
    kernel::gather_interpolated(c);
    positions.check(expected, most_error<T>);
  }
}

BOOST_AUTO_TEST_SUITE_END()
