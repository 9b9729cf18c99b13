// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/column_sums.hpp>

#include "unit/kernel/image_case.hpp"

#include <array>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

/// Two results that read in every way, as batch normalisation's backward pass does.
using two_results = decltype([](auto element, auto row, auto column, auto scalar) {
  return values(element * row + column, (element - column) * (element * scalar));
});
template <class T>
using of_two = kernel::column_sums<T, expression_table<two_results, 4>,
                                   accesses(access::element, access::row, access::column, access::scalar)>;

using product = decltype([](auto number, auto factor) { return number * factor; });

template <class T> struct shape_case {
  std::size_t count = between(1, 70), columns = between(1, 200);
  rows<T> element{count, columns}, row{count, 1}, column{1, columns}, scalar{1, 1}, first{1, columns},
      second{1, columns};
  kernel::call<T> c;

  shape_case() {
    element.fill(T(-7)), row.fill(T(-9)), column.fill(T(-11)), scalar.fill(T(-13));
    c.rows = count, c.columns = columns, c.weight = T(0.37);
    c.last_unit = kernel::units_of_columns<T>(columns);
    c.arguments[0] = element.place(), c.arguments[1] = row.place(), c.arguments[2] = {column.data(), 0, 0, 0},
    c.arguments[3] = {scalar.data(), 0, 0, 0};
    c.results[0] = {first.data(), 0, 0, 0}, c.results[1] = {second.data(), 0, 0, 0};
  }

  /// The sums in long double of each result, and of the absolute values, which is the scale of rounding.
  std::array<long double, 4> expected(std::size_t k) {
    const auto wide = [](T x) { return static_cast<long double>(x); };
    std::array<long double, 4> out{};
    const long double shift = wide(column.at(0, k)), factor = wide(scalar.at(0, 0));
    for (std::size_t r = 0; r < count; ++r) {
      const long double x = wide(element.at(r, k)), y = wide(row.at(r, 0));
      out[0] += x * y + shift, out[1] += std::fabs(x * y) + std::fabs(shift);
      out[2] += (x - shift) * x * factor, out[3] += std::fabs(x * factor) * (std::fabs(x) + std::fabs(shift));
    }
    for (long double& sum : out) sum *= wide(c.weight);
    return out;
  }
  void check(rows<T>& result, std::size_t k, long double sum, long double scale) {
    const auto error = std::fabs(static_cast<long double>(result.at(0, k)) - sum);
    BOOST_REQUIRE_MESSAGE(error <= scale * static_cast<long double>(std::numeric_limits<T>::epsilon()) * 8,
                          count << " rows, column " << k << " of " << columns << ": " << result.at(0, k)
                                << ", expected " << sum);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_column_sums)

BOOST_AUTO_TEST_CASE_TEMPLATE(sums_overwrite_or_add, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    shape_case<T> s;
    s.c.accumulate = i % 2 == 0;
    rows<T> before_first(1, s.columns), before_second(1, s.columns);
    if (s.c.accumulate) {
      s.first.fill(), s.second.fill();
      before_first.copy(s.first), before_second.copy(s.second);
    }
    of_two<T>::run(s.c);
    for (std::size_t k = 0; k < s.columns; ++k) {
      auto [first, first_scale, second, second_scale] = s.expected(k);
      if (s.c.accumulate) {
        const auto a = static_cast<long double>(before_first.at(0, k)),
                   b = static_cast<long double>(before_second.at(0, k));
        first += a, first_scale += std::fabs(a), second += b, second_scale += std::fabs(b);
      }
      s.check(s.first, k, first, first_scale);
      s.check(s.second, k, second, second_scale);
    }
    for (rows<T>* result : {&s.first, &s.second}) {
      result->check_padding_is_zero();
      result->check_untouched_around();
      result->check_slack_untouched();
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_share_of_the_units_writes_its_columns_only_and_the_same_bits, T, both_types) {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  for (int i = 0; i < 100; ++i) {
    shape_case<T> whole;
    of_two<T>::run(whole.c);
    const std::size_t units = kernel::units_of_columns<T>(whole.columns), cut = between(0, units);
    rows<T> first(1, whole.columns), second(1, whole.columns);
    kernel::call<T> c = whole.c;
    c.results[0] = {first.data(), 0, 0, 0}, c.results[1] = {second.data(), 0, 0, 0};
    c.first_unit = 0, c.last_unit = cut;
    of_two<T>::run(c);
    for (std::size_t k = cut * lanes; k < whole.columns; ++k)
      BOOST_REQUIRE(std::isnan(first.at(0, k)) && std::isnan(second.at(0, k)));
    c.first_unit = cut, c.last_unit = units;
    of_two<T>::run(c);
    first.check_equal(whole.first, 0);
    second.check_equal(whole.second, 0);
    first.check_padding_is_zero();
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(plain_loops_make_the_same_sums, T, both_types) {
  for (int i = 0; i < 30; ++i) {
    shape_case<T> s;
    s.c.accumulate = i % 2 == 0;
    s.first.fill(), s.second.fill();
    rows<T> first(1, s.columns), second(1, s.columns);
    first.copy(s.first), second.copy(s.second);
    of_two<T>::run(s.c);
    s.c.results[0] = {first.data(), 0, 0, 0}, s.c.results[1] = {second.data(), 0, 0, 0};
    of_two<T>::run_plainly(s.c);
    for (std::size_t k = 0; k < s.columns; ++k) {
      const auto scales = s.expected(k);
      s.check(s.first, k, static_cast<long double>(first.at(0, k)), scales[1] + 5);
      s.check(s.second, k, static_cast<long double>(second.at(0, k)), scales[3] + 5);
    }
  }
}

// An operand may be one row for all positions of a sample: its steps within the image are 0.
BOOST_AUTO_TEST_CASE_TEMPLATE(sums_over_samples_and_positions, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    const std::size_t samples = between(1, 4), image_rows = between(1, 6), columns = between(1, 6),
                      width = between(1, 70);
    images<T> image(aligned_layout<T>(samples, image_rows, columns, width, between(0, 2)));
    images<T> gain(aligned_layout<T>(samples, 1, 1, width, 0));
    image.fill(T(-7)), gain.fill(T(-9));
    kernel::call<T> c;
    c.samples = samples, c.image_rows = image_rows, c.rows = columns, c.columns = width, c.weight = 1;
    c.last_unit = kernel::units_of_columns<T>(width);
    c.arguments[0] = image.place(), c.arguments[1] = gain.place();
    c.arguments[1].stride = c.arguments[1].row_step = 0;
    for (const bool is_plain : {false, true}) {
      rows<T> sum(1, width);
      c.results[0] = {sum.data(), 0, 0, 0};
      using sums = kernel::column_sums<T, expression_table<product, 2>, accesses(access::element, access::element)>;
      is_plain ? sums::run_plainly(c) : sums::run(c);
      for (std::size_t k = 0; k < width; ++k) {
        T expected{}; // exact: multiples of 1/1024
        for (std::size_t s = 0; s < samples; ++s)
          for (std::size_t y = 0; y < image_rows; ++y)
            for (std::size_t x = 0; x < columns; ++x)
              expected += image.position(s, y, x)[k] * gain.position(s, 0, 0)[k];
        BOOST_REQUIRE_EQUAL(sum.at(0, k), expected);
      }
      sum.check_untouched_around();
    }
  }
}

// Each column is summed in the order of the samples, so that how columns are shared among threads does not matter.
BOOST_AUTO_TEST_CASE(samples_are_added_in_their_order) {
  rows<float> x(4, 3), sum(1, 3);
  for (std::size_t k = 0; k < 3; ++k) x.at(0, k) = 1e8f, x.at(1, k) = 1, x.at(2, k) = -1e8f, x.at(3, k) = 1;
  kernel::call<float> c;
  c.rows = 4, c.columns = 3, c.weight = 1, c.last_unit = kernel::units_of_columns<float>(3);
  c.arguments[0] = x.place(), c.results[0] = {sum.data(), 0, 0, 0};
  for (std::size_t r = 0; r < 4; ++r)
    for (std::size_t k = 3; k < kernel::padded<float>(3); ++k) x.at(r, k) = 0;
  kernel::column_sums<float, expression_table<kept, 1>, accesses(access::element)>::run(c);
  for (std::size_t k = 0; k < 3; ++k) BOOST_TEST(sum.at(0, k) == 1);
}

BOOST_AUTO_TEST_CASE(no_rows_make_zeros) {
  rows<double> x(1, 5), sum(1, 5);
  kernel::call<double> c;
  c.columns = 5, c.weight = 1, c.last_unit = kernel::units_of_columns<double>(5);
  c.arguments[0] = x.place(), c.results[0] = {sum.data(), 0, 0, 0};
  kernel::column_sums<double, expression_table<kept, 1>, accesses(access::element)>::run(c);
  for (std::size_t k = 0; k < 5; ++k) BOOST_TEST(sum.at(0, k) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
