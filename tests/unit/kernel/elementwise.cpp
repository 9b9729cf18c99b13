// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/elementwise.hpp>

#include "unit/kernel/support.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

using every_access = decltype([](auto element, auto row, auto column, auto scalar) {
  return values(element * row + column, exp(-element) * scalar);
});

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_elementwise)

BOOST_AUTO_TEST_CASE_TEMPLATE(every_way_to_read_over_random_shapes, T, both_types) {
  using tested = kernel::elementwise<T, expression_table<every_access, 4>,
                                     accesses(access::element, access::row, access::column, access::scalar)>;
  for (int i = 0; i < 150; ++i) {
    const std::size_t count = between(1, 70), columns = between(1, 200);
    rows<T> element(count, columns), row(count, 1), column(1, columns), scalar(1, 1), first(count, columns),
        second(count, columns), expected_first(count, columns), expected_second(count, columns);
    element.fill(T(-7)), row.fill(T(-9)), column.fill(T(-11)), scalar.fill(T(-13));
    kernel::call<T> c;
    c.rows = count, c.columns = columns;
    c.arguments[0] = element.place(), c.arguments[1] = row.place(), c.arguments[2] = {column.data(), 0, 0, 0},
    c.arguments[3] = {scalar.data(), 0, 0, 0};
    c.results[0] = first.place(), c.results[1] = second.place();
    tested::run(c);
    for (std::size_t r = 0; r < count; ++r)
      for (std::size_t k = 0; k < columns; ++k) {
        // Product and sum are one instruction where the target has it: with two roundings they are other bits.
        const volatile T product = element.at(r, k) * row.at(r, 0);
        expected_first.at(r, k) =
            math::has_fma ? std::fma(element.at(r, k), row.at(r, 0), column.at(0, k)) : product + column.at(0, k);
        expected_second.at(r, k) = std::exp(-element.at(r, k)) * scalar.at(0, 0);
      }
    first.check_equal(expected_first, 0);
    second.check_equal(expected_second, 3);
    for (rows<T>* result : {&first, &second}) {
      result->check_padding_is_zero();
      result->check_untouched_around();
      result->check_slack_untouched();
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(columns_that_begin_within_a_vector, T, both_types) {
  using doubled = decltype([](auto number) { return number + number; });
  for (int i = 0; i < 50; ++i) {
    const std::size_t count = between(1, 20), columns = between(1, 70), before = between(1, 40);
    rows<T> x(count, before + columns), y(count, columns);
    x.fill(T(-7));
    kernel::call<T> c;
    c.rows = count, c.columns = columns;
    c.arguments[0] = x.place(), c.results[0] = y.place();
    c.arguments[0].data += before;
    kernel::elementwise<T, expression_table<doubled, 1>, accesses(access::range)>::run(c);
    for (std::size_t r = 0; r < count; ++r)
      for (std::size_t k = 0; k < columns; ++k) BOOST_REQUIRE(y.at(r, k) == 2 * x.at(r, before + k));
    y.check_padding_is_zero();
    y.check_untouched_around();
    y.check_slack_untouched();
  }
}

BOOST_AUTO_TEST_CASE(infinity_times_zero_is_not_folded_away) {
  using five = decltype([](auto x) { return x * 0 + 5; }); // 0 * x is never folded: infinities stay visible
  rows<float> x(3, 5), y(3, 5);
  x.fill();
  x.at(1, 2) = std::numeric_limits<float>::infinity();
  kernel::call<float> c;
  c.rows = 3, c.columns = 5;
  c.arguments[0] = x.place(), c.results[0] = y.place();
  kernel::elementwise<float, expression_table<five, 1>, accesses(access::element)>::run(c);
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t k = 0; k < 5; ++k) BOOST_TEST((r == 1 && k == 2 ? std::isnan(y.at(r, k)) : y.at(r, k) == 5));
  y.check_padding_is_zero();
}

BOOST_AUTO_TEST_SUITE_END()
