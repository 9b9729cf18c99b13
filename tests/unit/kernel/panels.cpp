// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/panels.hpp>

#include "unit/kernel/support.hpp"

#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_panels)

BOOST_AUTO_TEST_CASE_TEMPLATE(every_number_has_a_place_of_its_own, T, both_types) {
  for (std::size_t columns = 1; columns <= 300; columns += columns < 140 ? 1 : 7)
    for (std::size_t rows : {1u, 2u, 7u, 24u, 33u}) {
      std::vector<char> taken(rows * kernel::padded<T>(columns), 0);
      for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < kernel::padded<T>(columns); ++column) {
          const std::size_t at = kernel::panel_index<T>(rows, columns, row, column);
          BOOST_REQUIRE(at < taken.size());
          BOOST_REQUIRE(taken[at]++ == 0);
        }
    }
}

// What kernels rely on: a vector of columns lies together and starts aligned, rows of a panel follow each other.
BOOST_AUTO_TEST_CASE_TEMPLATE(panels_are_consecutive_memory, T, both_types) {
  constexpr auto lanes = static_cast<std::size_t>(math::native_lanes<T>);
  for (std::size_t columns = 1; columns <= 300; ++columns) {
    const kernel::column_tiles tiles = kernel::tiles_for<T>(columns);
    const std::size_t width = static_cast<std::size_t>(tiles.wide) * lanes, rows = 5;
    BOOST_REQUIRE_EQUAL(kernel::panels_of<T>(columns), kernel::padded<T>(columns) / width + (tiles.rest != 0 ? 1 : 0));
    for (std::size_t column = 0; column < kernel::padded<T>(columns); column += lanes) {
      const std::size_t first = column / width * width, left = kernel::padded<T>(columns) - first,
                        distance = left < width ? left : width;
      if (left < width) BOOST_REQUIRE_EQUAL(left, static_cast<std::size_t>(tiles.rest) * lanes);
      for (std::size_t row = 0; row < rows; ++row) {
        const std::size_t at = kernel::panel_index<T>(rows, columns, row, column);
        BOOST_REQUIRE_EQUAL(at, first * rows + row * distance + (column - first));
        BOOST_REQUIRE_EQUAL(at % lanes, 0u);
        BOOST_REQUIRE_EQUAL(kernel::panel_index<T>(rows, columns, row, column + lanes - 1), at + lanes - 1);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_do_not_fall_on_the_same_cache_lines, T, both_types) {
  for (std::size_t width = 1; width <= 2048; ++width) {
    const std::size_t stride = kernel::row_stride<T>(width);
    BOOST_REQUIRE(stride >= kernel::padded<T>(width) &&
                  stride <= kernel::padded<T>(width) + static_cast<std::size_t>(math::native_lanes<T>));
    BOOST_REQUIRE_EQUAL(stride % static_cast<std::size_t>(math::native_lanes<T>), 0u);
    BOOST_REQUIRE(stride * sizeof(T) % 512 != 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
