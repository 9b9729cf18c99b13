// SPDX-License-Identifier: MIT
#include <fusegrad/function/load_rows.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <utility>

namespace {

namespace functions = fusegrad::functions;

/// Rows of small whole numbers, each another one: what a register holds of them is exact.
template <class T, std::size_t Width> void check() {
  using lanes = fusegrad::math::vector<T>;
  constexpr auto rows = static_cast<std::size_t>(lanes::lanes);
  T table[rows * Width];
  for (std::size_t i = 0; i < rows * Width; ++i) table[i] = static_cast<T>(i);
  lanes columns[Width];
  functions::load_rows<Width>(columns, table);
  for (std::size_t column = 0; column < Width; ++column)
    for (std::size_t row = 0; row < rows; ++row)
      BOOST_TEST_REQUIRE(columns[column][static_cast<int>(row)] == static_cast<T>(row * Width + column),
                         Width << " columns: column " << column << ", row " << row);
}

BOOST_AUTO_TEST_SUITE(function_load_rows)

BOOST_AUTO_TEST_CASE(each_lane_holds_a_row) {
  [&]<std::size_t... Width>(std::index_sequence<Width...>) {
    (check<double, Width + 1>(), ...);
    (check<float, Width + 1>(), ...);
  }(std::make_index_sequence<21>{});
}

BOOST_AUTO_TEST_SUITE_END()
} // namespace
