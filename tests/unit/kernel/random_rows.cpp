// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/random_rows.hpp>

#include "unit/kernel/image_case.hpp"

#include <array>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

template <class T>
kernel::call<T> call_for(rows<T>& to, base::philox_key key, std::uint32_t stream, std::size_t first_sample) {
  kernel::call<T> c;
  c.rows = to.count(), c.columns = to.width();
  c.results[0] = to.place();
  c.random_key = key, c.random_stream = stream, c.first_sample = first_sample;
  return c;
}

base::philox_key any_key() { return {static_cast<std::uint32_t>(engine()()), static_cast<std::uint32_t>(engine()())}; }

/// The stated layout: groups of 64 columns; word w of block b of a group is its column 16 w + b.
double stated_number(base::philox_key key, std::uint32_t stream, std::size_t sample, std::size_t column) {
  const std::size_t group = column / 64, within = column % 64, block = within % 16, word = within / 16;
  const auto words = base::philox<7>(
      {static_cast<std::uint32_t>(16 * group + block), static_cast<std::uint32_t>(sample), stream, 0}, key);
  return static_cast<double>(words[word] >> 8) * 0x1p-24;
}

struct moments {
  double mean = 0, variance = 0;
};
moments moments_of(const std::vector<double>& x) {
  moments m;
  for (double v : x) m.mean += v / static_cast<double>(x.size());
  for (double v : x) m.variance += (v - m.mean) * (v - m.mean) / static_cast<double>(x.size());
  return m;
}
/// Of independent numbers it is normal about 0, with a deviation of 1 / sqrt(count).
double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const moments of_a = moments_of(a), of_b = moments_of(b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - of_a.mean) * (b[i] - of_b.mean);
  return sum / static_cast<double>(a.size()) / std::sqrt(of_a.variance * of_b.variance);
}

constexpr std::size_t drawn_rows = 300, drawn_columns = 199;
std::vector<double> draw(base::philox_key key, std::uint32_t stream, std::size_t first_sample = 0) {
  rows<float> to(drawn_rows, drawn_columns);
  kernel::random_rows(call_for(to, key, stream, first_sample));
  std::vector<double> out;
  for (std::size_t r = 0; r < drawn_rows; ++r)
    for (std::size_t k = 0; k < drawn_columns; ++k) out.push_back(static_cast<double>(to.at(r, k)));
  return out;
}

/// The same numbers `distance` places on, as far as there are some.
double correlation_at(const std::vector<double>& x, std::size_t distance) {
  return correlation({x.begin(), x.end() - static_cast<std::ptrdiff_t>(distance)},
                     {x.begin() + static_cast<std::ptrdiff_t>(distance), x.end()});
}

template <class T> constexpr auto drawn_by_the_compiler() {
  std::array<T, kernel::padded<T>(70)> out{};
  for (T& x : out) x = -1;
  kernel::call<T> c;
  c.rows = 1, c.columns = 70, c.results[0] = {out.data(), out.size(), 0, 0};
  c.random_key = {5, 6}, c.random_stream = 7, c.first_sample = 8;
  kernel::random_rows(c);
  return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_random_rows)

BOOST_AUTO_TEST_CASE_TEMPLATE(numbers_are_those_of_philox_as_stated, T, both_types) {
  for (int i = 0; i < 60; ++i) {
    rows<T> to(between(1, 20), between(1, 200));
    const auto key = any_key();
    const auto stream = static_cast<std::uint32_t>(engine()());
    const std::size_t first = between(0, 5000);
    kernel::random_rows(call_for(to, key, stream, first));
    for (std::size_t r = 0; r < to.count(); ++r)
      for (std::size_t k = 0; k < to.width(); ++k)
        BOOST_REQUIRE_EQUAL(static_cast<double>(to.at(r, k)), stated_number(key, stream, first + r, k));
    to.check_padding_is_zero();
    to.check_untouched_around();
    to.check_slack_untouched();
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(constant_expressions_draw_the_same, T, both_types) {
  constexpr auto constant = drawn_by_the_compiler<T>();
  for (std::size_t k = 0; k < 70; ++k) BOOST_TEST(static_cast<double>(constant[k]) == stated_number({5, 6}, 7, 8, k));
  for (std::size_t k = 70; k < constant.size(); ++k) BOOST_TEST(constant[k] == 0);
}

// Numbers are counted over all positions: a sample gets the same ones in any shape, wherever its positions lie.
BOOST_AUTO_TEST_CASE_TEMPLATE(images_have_the_numbers_of_rows, T, both_types) {
  for (int i = 0; i < 60; ++i) {
    const std::size_t samples = between(1, 4), image_rows = between(1, 7), columns = between(1, 7),
                      width = between(1, 40);
    images<T> made(aligned_layout<T>(samples, image_rows, columns, width, between(0, 2))), expected(made.layout());
    const auto key = any_key();
    const auto stream = static_cast<std::uint32_t>(engine()());
    for (std::size_t s = 0; s < samples; ++s)
      for (std::size_t n = 0; n < image_rows * columns * width; ++n)
        expected.position(s, n / width / columns, n / width % columns)[n % width] =
            static_cast<T>(stated_number(key, stream, 17 + s, n));
    kernel::call<T> c;
    c.samples = samples, c.image_rows = image_rows, c.rows = columns, c.columns = width;
    c.results[0] = made.place();
    c.random_key = key, c.random_stream = stream, c.first_sample = 17;
    kernel::random_images(c);
    made.check(expected, 0);
  }
}

BOOST_AUTO_TEST_CASE(how_rows_are_split_does_not_matter) {
  const auto key = any_key();
  rows<float> whole(40, 77), parts(40, 77);
  kernel::random_rows(call_for(whole, key, 3, 0));
  for (std::size_t first = 0; first < 40;) {
    const std::size_t count = std::min<std::size_t>(between(1, 9), 40 - first);
    auto c = call_for(parts, key, 3, first);
    c.rows = count, c.results[0].data += first * parts.stride();
    kernel::random_rows(c);
    first += count;
  }
  parts.check_equal(whole, 0);
}

BOOST_AUTO_TEST_CASE(more_columns_leave_the_first_ones_as_they_are) {
  const auto key = any_key();
  rows<double> narrow(5, 33), wide(5, 150);
  kernel::random_rows(call_for(narrow, key, 1, 0));
  kernel::random_rows(call_for(wide, key, 1, 0));
  for (std::size_t r = 0; r < 5; ++r)
    for (std::size_t k = 0; k < 33; ++k) BOOST_TEST(narrow.at(r, k) == wide.at(r, k));
}

BOOST_AUTO_TEST_CASE(numbers_are_uniform) {
  const std::vector<double> x = draw({1, 2}, 0);
  const auto n = static_cast<double>(x.size());
  const moments m = moments_of(x);
  BOOST_TEST(std::abs(m.mean - 0.5) <= 5 * std::sqrt(1.0 / 12 / n));
  BOOST_TEST(std::abs(m.variance - 1.0 / 12) <=
             5 * std::sqrt(1.0 / 180 / n)); // the fourth moment of a uniform number is 1/80, less 1/144
  std::array<double, 64> bins{};
  for (double v : x) {
    BOOST_REQUIRE((v >= 0 && v < 1));
    bins[static_cast<std::size_t>(v * 64)] += 1;
  }
  double chi_square = 0;
  for (double count : bins) chi_square += (count - n / 64) * (count - n / 64) / (n / 64);
  BOOST_TEST(std::abs(chi_square - 63) <= 5 * std::sqrt(2 * 63.0));
}

BOOST_AUTO_TEST_CASE(neighbours_know_nothing_of_each_other) {
  const std::vector<double> x = draw({1, 2}, 0);
  const double five_sigma = 5 / std::sqrt(static_cast<double>(x.size() - 64 * drawn_columns));
  for (std::size_t distance : {std::size_t{1}, std::size_t{4}, std::size_t{16}, std::size_t{64}, drawn_columns,
                               2 * drawn_columns, 64 * drawn_columns})
    BOOST_TEST(std::abs(correlation_at(x, distance)) <= five_sigma, distance << " places on");
  BOOST_TEST(std::abs(correlation(x, draw({1, 2}, 1))) <= five_sigma, "the next stream");
  BOOST_TEST(std::abs(correlation(x, draw({2, 2}, 0))) <= five_sigma, "the next key");
  BOOST_TEST(std::abs(correlation(x, draw({1, 3}, 0))) <= five_sigma, "another key");
  BOOST_TEST(std::abs(correlation(x, draw({1, 2}, 0, 1))) <= five_sigma, "the next samples");
  BOOST_TEST(correlation(x, x) > 0.999);
}

BOOST_AUTO_TEST_SUITE_END()
