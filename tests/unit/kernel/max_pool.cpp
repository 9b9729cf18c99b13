// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/max_pool.hpp>

#include "unit/kernel/window_case.hpp"

#include <array>
#include <cmath>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

/// As PyTorch says it: a number that is larger than all before it, or no number, takes the place of these.
template <class T> void pool_plainly(const window_case& w, images<T>& image, images<T>& numbers, images<T>& places) {
  w.each_position([&](std::size_t s, std::size_t y, std::size_t x) {
    for (std::size_t k = 0; k < w.channels; ++k) {
      T largest = -std::numeric_limits<T>::infinity(), place = -1;
      for (const auto& at : w.seen_at(y, x)) {
        const T number = image.position(s, at.y, at.x)[k];
        if (place >= 0 && !(number > largest) && !std::isnan(number)) continue;
        largest = number, place = static_cast<T>(at.tap);
      }
      numbers.position(s, y, x)[k] = largest;
      places.position(s, y, x)[k] = place;
    }
  });
}

/// 1, 2 / 3, 3: the first of the two equal ones.
constexpr bool pools_in_constant_expressions() {
  constexpr std::size_t step = kernel::padded<double>(1);
  std::array<double, 4 * step> image{};
  image[0] = 1, image[step] = 2, image[2 * step] = 3, image[3 * step] = 3;
  std::array<double, step> number{}, place{};
  constexpr tensor::image_window whole{{{2}, {2}}, 2, 2, 1, 1};
  kernel::call<double> c;
  c.columns = 1, c.window = &whole;
  c.arguments[0] = {image.data(), step, 2 * step, 4 * step};
  c.results[0] = {number.data(), step, step, step}, c.results[1] = {place.data(), step, step, step};
  kernel::max_pool(c);
  if (number[0] != 3 || place[0] != 2) return false;
  c.arguments[0] = {number.data(), step, step, step}, c.arguments[1] = {place.data(), step, step, step};
  c.results[0] = {image.data(), step, 2 * step, 4 * step};
  kernel::spread(c);
  return image[0] == 0 && image[step] == 0 && image[2 * step] == 3 && image[3 * step] == 0;
}
static_assert(pools_in_constant_expressions());

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_max_pool)

// Few different numbers, so that many are equal; in a third of the cases some are none.
BOOST_AUTO_TEST_CASE_TEMPLATE(numbers_and_places_are_those_of_plain_loops, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    const window_case w(true);
    auto image = w.image<T>();
    image.fill(T{0});
    for (std::size_t n = i % 3 == 0 ? between(1, 20) : 0; n > 0; --n)
      image.position(between(0, w.samples - 1), between(0, w.w.image_rows - 1),
                     between(0, w.w.image_columns - 1))[between(0, w.channels - 1)] = images<T>::nan;
    auto numbers = w.positions<T>(), places = w.positions<T>();
    images<T> expected_numbers(numbers.layout()), expected_places(places.layout());
    pool_plainly(w, image, expected_numbers, expected_places);
    auto c = w.call<T>();
    c.arguments[0] = image.place(), c.results[0] = numbers.place(), c.results[1] = places.place();
    kernel::max_pool(c);
    numbers.check(expected_numbers, 0);
    places.check(expected_places, 0);
  }
}

BOOST_AUTO_TEST_CASE(negative_numbers_are_larger_than_what_lies_around_the_image) {
  tensor::image_window w{{{3, 1, 1, 1, 1}, {3, 1, 1, 1, 1}}, 2, 2, 2, 2};
  images<float> image(aligned_layout<float>(1, 2, 2, 1, 1)), numbers(aligned_layout<float>(1, 2, 2, 1, 0)),
      places(aligned_layout<float>(1, 2, 2, 1, 0));
  image.fill(0);
  for (std::size_t y = 0; y < 2; ++y)
    for (std::size_t x = 0; x < 2; ++x) image.position(0, y, x)[0] = -1 - static_cast<float>(y + x);
  kernel::call<float> c;
  c.columns = 1, c.window = &w;
  c.arguments[0] = image.place(), c.results[0] = numbers.place(), c.results[1] = places.place();
  kernel::max_pool(c);
  for (std::size_t y = 0; y < 2; ++y)
    for (std::size_t x = 0; x < 2; ++x) {
      BOOST_TEST(numbers.position(0, y, x)[0] == -1);
      BOOST_TEST(places.position(0, y, x)[0] == static_cast<float>((1 - y) * 3 + 1 - x));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_way_back_adds_each_number_at_its_place, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    const window_case w(true);
    auto before = w.image<T>(), numbers = w.positions<T>(), places = w.positions<T>(), image = w.image<T>();
    before.fill(T{0});
    auto c = w.call<T>();
    c.arguments[0] = before.place(), c.results[0] = numbers.place(), c.results[1] = places.place();
    kernel::max_pool(c);
    auto gradient = w.positions<T>();
    gradient.fill(T{0});
    images<T> expected(image.layout());
    for (std::size_t s = 0; s < w.samples; ++s)
      for (std::size_t y = 0; y < w.w.image_rows; ++y)
        for (std::size_t x = 0; x < w.w.image_columns; ++x)
          for (std::size_t k = 0; k < w.channels; ++k) expected.position(s, y, x)[k] = 0;
    w.each_position([&](std::size_t s, std::size_t y, std::size_t x) {
      for (const auto& at : w.seen_at(y, x))
        for (std::size_t k = 0; k < w.channels; ++k)
          if (places.position(s, y, x)[k] == static_cast<T>(at.tap))
            expected.position(s, at.y, at.x)[k] += gradient.position(s, y, x)[k];
    });
    c.arguments[0] = gradient.place(), c.arguments[1] = places.place(), c.results[0] = image.place();
    kernel::spread(c);
    image.check(expected, 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
