// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/columns_product.hpp>

#include <fusegrad/kernel/columns_expression.hpp>
#include <vector>

#include "unit/kernel/support.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

constexpr std::size_t stride = 80;

/// Values by columns, every number set, with a guard behind the last.
template <class T> struct by_columns {
  std::size_t columns;
  tensor::buffer<T> memory;
  explicit by_columns(std::size_t columns_) : columns{columns_}, memory{columns_ * stride + 16} {
    for (T& x : memory) x = static_cast<T>(normal(engine()));
  }
  T& at(std::size_t row, std::size_t column) { return memory[column * stride + row]; }
  T* data() { return memory.data(); }
};

/// Whole vectors are written, up to one behind the last row.
template <class T> std::size_t reach(std::size_t rows) {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  return (rows + lanes - 1) / lanes * lanes;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_columns_product)

BOOST_AUTO_TEST_CASE_TEMPLATE(has_the_bits_of_plain_loops_and_touches_nothing_else, T, both_types) {
  for (int i = 0; i < 200; ++i) {
    const std::size_t rows = between(1, 64), depth = between(1, 20), columns = between(1, 20);
    const bool is_turned = i % 2 == 0;
    by_columns<T> left(depth), found(columns);
    std::vector<T> numbers(depth * columns);
    for (T& x : numbers) x = static_cast<T>(normal(engine()));
    const kernel::single_weights<T> weight{numbers.data(), is_turned ? 1 : columns, is_turned ? depth : 1};
    by_columns<T> before = found;
    kernel::multiply_columns<stride>(left.data(), weight, rows, depth, columns, found.data());
    for (std::size_t column = 0; column < columns; ++column)
      for (std::size_t row = 0; row < stride; ++row) {
        T sum{};
        for (std::size_t k = 0; k < depth; ++k) sum = math::multiply_add(weight.at(k, column), left.at(row, k), sum);
        if (row < rows) BOOST_REQUIRE_EQUAL(found.at(row, column), sum);
        if (row >= reach<T>(rows)) BOOST_REQUIRE_EQUAL(found.at(row, column), before.at(row, column));
      }
    for (std::size_t k = columns * stride; k < found.memory.size(); ++k)
      BOOST_REQUIRE_EQUAL(found.memory[k], before.memory[k]);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_expression_reads_products_elements_rows_columns_and_scalars, T, both_types) {
  using function = decltype([](auto product, auto element, auto row, auto column, auto scalar) {
    return product + element * row - column * scalar;
  });
  using tested = kernel::columns_expression<
      T, expression_table<function, 5>,
      accesses(access::product, access::element, access::row, access::column, access::scalar), stride>;
  for (int i = 0; i < 100; ++i) {
    const std::size_t rows = between(1, 64), columns = between(1, 20);
    by_columns<T> found(columns), element(columns), row_numbers(1);
    std::vector<T> column_numbers(columns), scalar(1);
    for (T& x : column_numbers) x = static_cast<T>(normal(engine()));
    scalar[0] = T(0.75);
    by_columns<T> before = found;
    kernel::call<T> c;
    c.rows = rows, c.columns = columns;
    c.arguments[1].data = element.data(), c.arguments[2].data = row_numbers.data();
    c.arguments[3].data = column_numbers.data(), c.arguments[4].data = scalar.data();
    c.results[0].data = found.data();
    tested::run(c);
    for (std::size_t column = 0; column < columns; ++column)
      for (std::size_t row = 0; row < rows; ++row) {
        const T expected = before.at(row, column) + element.at(row, column) * row_numbers.at(row, 0) -
                           column_numbers[column] * scalar[0];
        BOOST_REQUIRE_SMALL(static_cast<double>(found.at(row, column) - expected),
                            16 * static_cast<double>(std::numeric_limits<T>::epsilon()) *
                                (4 + std::abs(static_cast<double>(expected))));
      }
  }
}

BOOST_AUTO_TEST_SUITE_END()
