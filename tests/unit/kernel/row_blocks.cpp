// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/row_blocks.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using fusegrad::kernel::blocks_of_rows;
using fusegrad::kernel::exact_blocks_of_rows;
using fusegrad::kernel::row_blocks;

std::size_t covered(const row_blocks& b, std::size_t high) { return b.high * high + 4 * b.fours + b.ones; }

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_row_blocks)

BOOST_AUTO_TEST_CASE(blocks_stick_out_by_less_than_one_of_them) {
  for (std::size_t high : {4u, 6u, 8u})
    for (std::size_t rows = 1; rows <= 1000; ++rows) {
      const row_blocks b = blocks_of_rows(rows, high);
      const std::size_t sum = covered(b, high);
      BOOST_REQUIRE_MESSAGE(sum >= rows && sum - rows <= 3 && b.ones == 0,
                            high << ": " << rows << " rows, " << sum << " covered");
      if (rows >= 4 && rows % (high == 6 ? 2 : 4) == 0) BOOST_REQUIRE_EQUAL(sum, rows);
    }
}

BOOST_AUTO_TEST_CASE(what_a_thread_takes_of_many_rows_never_sticks_out) {
  for (std::size_t high : {4u, 6u, 8u})
    for (std::size_t rows = 4; rows <= 1000; rows += 4)
      BOOST_REQUIRE_EQUAL(covered(blocks_of_rows(rows, high), high), rows);
}

BOOST_AUTO_TEST_CASE(exact_blocks_end_where_the_rows_end) {
  for (std::size_t high : {4u, 6u, 8u})
    for (std::size_t rows = 0; rows <= 1000; ++rows) {
      const row_blocks b = exact_blocks_of_rows(rows, high);
      BOOST_REQUIRE_EQUAL(covered(b, high), rows);
      BOOST_REQUIRE(b.ones <= 3);
    }
}

BOOST_AUTO_TEST_CASE(no_rows_need_no_blocks) {
  for (std::size_t high : {4u, 6u, 8u}) BOOST_TEST((blocks_of_rows(0, high) == row_blocks{}));
}

BOOST_AUTO_TEST_SUITE_END()
