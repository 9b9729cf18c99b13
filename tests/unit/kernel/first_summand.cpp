// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/first_summand.hpp>

#include "unit/kernel/product_case.hpp"

#include <cmath>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

using bias_relu = decltype([](auto p, auto b) { return max(p + b, 0); });
using turned = decltype([](auto p, auto b) { return expr::tanh(b + p); });
using scaled = decltype([](auto p, auto b) { return 2 * p + b; });
using read_twice = decltype([](auto p, auto b) { return (p + b) * p; });
using bias_twice = decltype([](auto p, auto b) { return (p + b) * b; });
using given_back = decltype([](auto p, auto b) { return values(p + b, p); });

template <class F, auto Accesses>
constexpr bool begins = kernel::first_summand<expression_table<F, 2>, Accesses> != kernel::no_summand;
constexpr auto with_column = accesses(access::product, access::column);
static_assert(begins<bias_relu, with_column> && begins<turned, with_column>);
static_assert(kernel::first_summand<expression_table<turned, 2>, with_column> == 1);
static_assert(!begins<bias_relu, accesses(access::product, access::element)>, "it differs from row to row");
static_assert(!begins<bias_twice, with_column> && !begins<scaled, with_column> && !begins<read_twice, with_column> &&
              !begins<given_back, with_column>);
// What lies among the columns of other values need not be aligned.
constexpr auto with_column_of_wider_rows = [] {
  auto list = with_column;
  list.is_part = true;
  return list;
}();
static_assert(!begins<bias_relu, with_column_of_wider_rows>);

/// One row, by default with its sizes known to the compiler. Plain loops add the bias last.
template <class T, std::size_t Depth, std::size_t Columns, class Function,
          kernel::fixed_shape Fixed = kernel::fixed_shape{1, Depth, Columns}>
product_case<T> row_alone() {
  product_case<T> row(1, Depth, Columns);
  kernel::call<T> c;
  c.rows = 1, c.columns = Columns, c.depth = Depth;
  c.left = row.left.data(), c.right = row.weight.data();
  c.arguments[1] = {row.bias.data(), 0, 0, 0};
  c.results[0] = row.found[0].place();
  kernel::product<T, kernel::tiles_for<T>(Columns), expression_table<Function, 2>, with_column, Fixed>::run(c);
  row.found[0].check_untouched_around();
  row.found[0].check_padding_is_zero();
  return row;
}

/// A row whose one product is rounded once, with its bias.
template <class T, kernel::fixed_shape Fixed> void one_product() {
  for (int i = 0; i < 50; ++i) {
    product_case<T> row = row_alone<T, 1, 23, bias_relu, Fixed>();
    for (std::size_t o = 0; o < 23; ++o) {
      const T sum = math::multiply_add(row.left.at(0, 0), row.weight.at(0, o), row.bias.at(0, o));
      BOOST_REQUIRE_EQUAL(row.found[0].at(0, o), sum < 0 ? 0 : sum);
    }
  }
}

template <class T, std::size_t Depth, std::size_t Columns> void a_long_sum() {
  product_case<T> row = row_alone<T, Depth, Columns, turned>();
  for (std::size_t o = 0; o < Columns; ++o) {
    long double sum = row.bias.at(0, o), scale = std::abs(sum);
    for (std::size_t k = 0; k < Depth; ++k) {
      const long double term = static_cast<long double>(row.left.at(0, k)) * row.weight.at(k, o);
      sum += term, scale += std::abs(term);
    }
    BOOST_REQUIRE_SMALL(static_cast<T>(row.found[0].at(0, o) - std::tanh(sum)),
                        static_cast<T>(4 * std::numeric_limits<T>::epsilon() * (1 + scale)));
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_first_summand)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_row_alone_begins_with_its_bias, T, both_types) {
  for (int i = 0; i < 50; ++i) {
    product_case<T> row = row_alone<T, 2, 23, bias_relu>();
    for (std::size_t o = 0; o < 23; ++o) {
      const T first = math::multiply_add(row.left.at(0, 0), row.weight.at(0, o), row.bias.at(0, o));
      const T sum = math::multiply_add(row.left.at(0, 1), row.weight.at(1, o), first);
      BOOST_REQUIRE_EQUAL(row.found[0].at(0, o), sum < 0 ? 0 : sum);
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(so_does_a_row_of_one_number, T, both_types) { one_product<T, {1, 1, 23}>(); }

BOOST_AUTO_TEST_CASE_TEMPLATE(so_does_a_row_of_a_product_whose_rows_are_not_known, T, both_types) {
  one_product<T, {}>();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sums_of_several_chains_have_it_once, T, both_types) {
  for (int i = 0; i < 50; ++i) {
    a_long_sum<T, 9, 5>();
    a_long_sum<T, 16, 16>();
    a_long_sum<T, 37, 23>();
  }
}

BOOST_AUTO_TEST_SUITE_END()
