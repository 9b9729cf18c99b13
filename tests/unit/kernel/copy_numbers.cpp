// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/copy_numbers.hpp>

#include "unit/kernel/image_case.hpp"

#include <array>
#include <cmath>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

struct sides {
  std::size_t rows, columns, width;
};
/// All ways to write a size as rows, columns and channels.
std::vector<sides> shapes_of(std::size_t size) {
  std::vector<sides> out;
  for (std::size_t rows = 1; rows <= size; ++rows)
    for (std::size_t columns = 1; size % rows == 0 && columns <= size / rows; ++columns)
      if (size / rows % columns == 0) out.push_back({rows, columns, size / rows / columns});
  return out;
}
/// Positions are whole vectors apart, with a border and gaps, or they follow each other.
template <class T> images<T> lying(std::size_t samples, const sides& of) {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  const std::size_t border = between(0, 2);
  if (between(0, 1) == 0) return images<T>(image_layout{samples, of.rows, of.columns, of.width, 0, of.width, 0});
  return images<T>({samples, of.rows, of.columns, of.width, border, kernel::padded<T>(of.width), border * lanes});
}

constexpr bool copies_in_constant_expressions() {
  constexpr std::size_t step = kernel::padded<float>(3);
  std::array<float, 2 * step> pairs{};
  for (std::size_t i = 0; i < 6; ++i) pairs[i / 3 * step + i % 3] = static_cast<float>(i);
  std::array<float, 6> tight{};
  constexpr tensor::image_window shapes{{}, 2, 1, 1, 3};
  kernel::call<float> c;
  c.window = &shapes, c.widths[0] = 3, c.widths[1] = 2;
  c.arguments[0] = {pairs.data(), step, step, 2 * step}, c.results[0] = {tight.data(), 2, 6, 6};
  kernel::copy_numbers(c);
  for (std::size_t i = 0; i < 6; ++i)
    if (tight[i] != static_cast<float>(i)) return false;
  return true;
}
static_assert(copies_in_constant_expressions());

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_copy_numbers)

BOOST_AUTO_TEST_CASE_TEMPLATE(numbers_keep_their_order_and_zeros_stand_behind, T, both_types) {
  for (int i = 0; i < 200; ++i) {
    const std::size_t samples = between(1, 3);
    const std::vector<sides> shapes = shapes_of(between(1, 72));
    const sides from = shapes[between(0, shapes.size() - 1)], to = shapes[between(0, shapes.size() - 1)];
    auto source = lying<T>(samples, from), made = lying<T>(samples, to);
    if (source.layout().stride > from.width)
      source.fill();
    else
      source.fill(T{0}); // no padding of which the next position could be a part
    images<T> expected(made.layout());
    for (std::size_t s = 0; s < samples; ++s)
      for (std::size_t n = 0; n < from.rows * from.columns * from.width; ++n) {
        const auto at = [&](images<T>& image, const sides& of) -> T& {
          return image.position(s, n / of.width / of.columns, n / of.width % of.columns)[n % of.width];
        };
        at(expected, to) = at(source, from);
      }
    const tensor::image_window both{{},
                                    tensor::extent_of(from.rows),
                                    tensor::extent_of(from.columns),
                                    tensor::extent_of(to.rows),
                                    tensor::extent_of(to.columns)};
    kernel::call<T> c;
    c.samples = samples, c.window = &both;
    c.widths[0] = from.width, c.widths[1] = to.width;
    c.arguments[0] = source.place(), c.results[0] = made.place();
    kernel::copy_numbers(c);
    if (made.layout().stride >= kernel::padded<T>(to.width)) {
      made.check(expected, 0);
    } else {
      for (std::size_t s = 0; s < samples; ++s)
        for (std::size_t n = 0; n < made.layout().sample_step(); ++n)
          BOOST_REQUIRE_EQUAL(made.position(s, 0, 0)[n], expected.position(s, 0, 0)[n]);
      BOOST_REQUIRE(std::isnan(made.position(samples, 0, 0)[0]));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
