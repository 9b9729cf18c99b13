// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/sums.hpp>

#include "unit/kernel/image_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

using descent = decltype([](auto weight, auto gradient, auto rate) { return weight - rate * gradient; });

/// A sum and the sum of the absolute values, which is the scale of its rounding errors.
struct exact_sum {
  long double value = 0, scale = 0;
  void add(double x) { value += static_cast<long double>(x), scale += std::fabs(static_cast<long double>(x)); }
  template <class T> void check(T found) const {
    const auto tolerance = static_cast<double>(scale) * static_cast<double>(std::numeric_limits<T>::epsilon()) * 8;
    BOOST_REQUIRE_MESSAGE(std::abs(static_cast<double>(found) - static_cast<double>(value)) <= tolerance,
                          found << ", expected " << value);
  }
};

template <class T> struct sums_case {
  std::size_t count, columns;
  rows<T> x{count, columns};
  kernel::call<T> c;
  explicit sums_case(std::size_t count_ = between(1, 70), std::size_t columns_ = between(1, 200))
      : count{count_}, columns{columns_} {
    x.fill();
    c.rows = count, c.columns = columns, c.arguments[0] = x.place();
  }
  void sum_columns(rows<T>& gradient) {
    c.left_image = x.place(), c.gradient = gradient.data(), c.results[0] = {gradient.data(), 0, 0, 0};
    kernel::column_sum<T, expression_table<kept, 1>, accesses(access::product)>::run(c);
  }
  exact_sum of_row(std::size_t r) {
    exact_sum s;
    for (std::size_t k = 0; k < columns; ++k) s.add(static_cast<double>(x.at(r, k)));
    return s;
  }
  exact_sum of_all(double start) {
    exact_sum s;
    s.add(start);
    for (std::size_t r = 0; r < count; ++r)
      for (std::size_t k = 0; k < columns; ++k) s.add(static_cast<double>(x.at(r, k)));
    return s;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_sums)

BOOST_AUTO_TEST_CASE_TEMPLATE(sums_of_rows, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    sums_case<T> s;
    rows<T> y(s.count, 1);
    s.c.results[0] = y.place();
    kernel::row_sum(s.c);
    for (std::size_t r = 0; r < s.count; ++r) s.of_row(r).check(y.at(r, 0));
    y.check_padding_is_zero();
    y.check_untouched_around();
    y.check_slack_untouched();
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sums_of_columns_overwrite_or_add, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    sums_case<T> s;
    rows<T> gradient(1, s.columns), before(1, s.columns);
    s.c.accumulate = i % 2 == 0;
    if (s.c.accumulate) {
      gradient.fill();
      std::memcpy(before.data(), gradient.data(), s.columns * sizeof(T));
    }
    s.sum_columns(gradient);
    for (std::size_t k = 0; k < s.columns; ++k) {
      exact_sum expected;
      if (s.c.accumulate) expected.add(static_cast<double>(before.at(0, k)));
      for (std::size_t r = 0; r < s.count; ++r) expected.add(static_cast<double>(s.x.at(r, k)));
      expected.check(gradient.at(0, k));
    }
    gradient.check_padding_is_zero();
    gradient.check_untouched_around();
    gradient.check_slack_untouched();
  }
}

// The numbers are multiples of 1/32: their sums are exact.
BOOST_AUTO_TEST_CASE_TEMPLATE(sums_of_columns_over_samples_and_positions, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    const std::size_t samples = between(1, 4), image_rows = between(1, 7), columns = between(1, 7),
                      width = between(1, 150);
    images<T> image(aligned_layout<T>(samples, image_rows, columns, width, between(0, 2)));
    image.fill(T{0});
    rows<T> gradient(1, width), expected(1, width);
    kernel::call<T> c;
    c.samples = samples, c.image_rows = image_rows, c.rows = columns, c.columns = width, c.accumulate = i % 2 == 0;
    if (c.accumulate)
      for (std::size_t k = 0; k < kernel::padded<T>(width); ++k) gradient.at(0, k) = k < width ? T(k) : T{};
    for (std::size_t k = 0; k < width; ++k) {
      T& total = expected.at(0, k) = c.accumulate ? T(k) : T{};
      for (std::size_t s = 0; s < samples; ++s)
        for (std::size_t y = 0; y < image_rows; ++y)
          for (std::size_t x = 0; x < columns; ++x) total += image.position(s, y, x)[k];
    }
    c.left_image = image.place(), c.gradient = gradient.data(), c.results[0] = {gradient.data(), 0, 0, 0};
    kernel::column_sum<T, expression_table<kept, 1>, accesses(access::product)>::run(c);
    gradient.check_equal(expected, 0);
    gradient.check_padding_is_zero();
    gradient.check_untouched_around();
    gradient.check_slack_untouched();
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sums_of_everything_overwrite_or_add, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    sums_case<T> s;
    rows<T> gradient(1, 1);
    s.c.accumulate = i % 2 == 0;
    if (s.c.accumulate) gradient.fill();
    const double before = s.c.accumulate ? static_cast<double>(gradient.at(0, 0)) : 0;
    s.c.gradient = gradient.data();
    kernel::total_sum(s.c);
    s.of_all(before).check(gradient.at(0, 0));
    gradient.check_untouched_around();
    gradient.check_slack_untouched();
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_loss_is_added_to_what_is_there, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    sums_case<T> s;
    double loss = 3;
    s.c.loss = &loss;
    s.c.weight = T(0.25);
    kernel::loss_term(s.c);
    s.of_all(0).check(static_cast<T>((loss - 3) * 4));
  }
}

// An update rule as epilogue gives what storing the sum and then applying the rule gives.
BOOST_AUTO_TEST_CASE_TEMPLATE(sums_of_columns_used_at_once, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    sums_case<T> s;
    rows<T> gradient(1, s.columns), weight(1, s.columns), expected(1, s.columns);
    T rate = T(0.125);
    s.c.accumulate = i % 2 == 0;
    gradient.fill();
    expected.copy(weight.fill());
    s.c.left_image = s.x.place(), s.c.gradient = gradient.data(), s.c.results[0] = {weight.data(), 0, 0, 0};
    s.c.arguments[0] = {weight.data(), 0, 0, 0}, s.c.arguments[2] = {&rate, 0, 0, 0};
    kernel::column_sum<T, expression_table<descent, 3>,
                       accesses(access::element, access::product, access::scalar)>::run(s.c);
    s.sum_columns(gradient);
    for (std::size_t k = 0; k < s.columns; ++k) {
      const volatile T product = rate * gradient.at(0, k); // rounded before the difference, as the language promises
      BOOST_REQUIRE_EQUAL(weight.at(0, k), expected.at(0, k) - product);
    }
    weight.check_untouched_around();
    weight.check_slack_untouched();
  }
}

// One kernel for all calls of a layer.
BOOST_AUTO_TEST_CASE_TEMPLATE(the_kernel_of_an_update_keeps_sums_of_columns, T, both_types) {
  for (int i = 0; i < 100; ++i) {
    sums_case<T> s;
    rows<T> gradient(1, s.columns), found(1, s.columns), weight(1, s.columns), used(1, s.columns);
    T rate = T(0.125);
    s.c.accumulate = i % 2 == 0;
    found.copy(gradient.fill()), used.copy(weight.fill());
    rows<T> before(1, s.columns);
    before.copy(gradient);
    s.sum_columns(gradient);
    constexpr auto how = accesses(access::element, access::product, access::scalar);
    using tested = kernel::column_sum<T, expression_table<descent, 3>, how, false, true>;
    const auto point_to = [&](rows<T>& moved) {
      s.c.gradient = before.data();
      s.c.arguments[0] = s.c.results[0] = {moved.data(), 0, 0, 0}, s.c.arguments[2] = {&rate, 0, 0, 0};
    };
    point_to(used);
    kernel::column_sum<T, expression_table<descent, 3>, how>::run(s.c);
    point_to(weight);
    tested::run(s.c);
    weight.check_equal(used, 0);
    s.c.gradient = found.data();
    kernel::keep_sum<3, 1>(s.c);
    tested::run(s.c);
    found.check_equal(gradient, 0);
    weight.check_equal(used, 0);
    for (rows<T>* all : {&found, &weight}) all->check_untouched_around(), all->check_slack_untouched();
  }
}

BOOST_AUTO_TEST_CASE(not_a_number_reaches_its_sums) {
  sums_case<float> s(4, 21);
  rows<float> y(4, 1), gradient(1, 21);
  s.x.at(2, 20) = s.x.nan;
  s.c.results[0] = y.place();
  kernel::row_sum(s.c);
  for (std::size_t r = 0; r < 4; ++r) BOOST_TEST(std::isnan(y.at(r, 0)) == (r == 2));
  s.sum_columns(gradient);
  for (std::size_t k = 0; k < 21; ++k) BOOST_TEST(std::isnan(gradient.at(0, k)) == (k == 20));
  kernel::total_sum(s.c);
  BOOST_TEST(std::isnan(gradient.at(0, 0)));
}

BOOST_AUTO_TEST_SUITE_END()
