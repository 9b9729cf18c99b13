// SPDX-License-Identifier: MIT
#include <fusegrad/base/size_product.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using fusegrad::base::size_product;
using fusegrad::base::size_sum;
using fusegrad::test::says;

static_assert(size_product("a", std::size_t{3}, std::size_t{4}, std::size_t{5}) == 60);
static_assert(size_product("a", SIZE_MAX, std::size_t{0}) == 0);
static_assert(size_sum(SIZE_MAX - 1, 1) == SIZE_MAX && size_sum(SIZE_MAX, 1) == SIZE_MAX && size_sum(2, 3) == 5);

BOOST_AUTO_TEST_SUITE(size_products)

BOOST_AUTO_TEST_CASE(what_wraps_around_or_cannot_be_is_refused_by_name) {
  const std::size_t most = fusegrad::base::too_many_numbers;
  BOOST_TEST(size_product("a", most) == most);
  BOOST_TEST(size_product("a", most / 7, std::size_t{7}) == most / 7 * 7);
  for (const std::size_t other : {std::size_t{2}, std::size_t{24}, std::size_t{1} << 61, SIZE_MAX})
    for (const std::size_t count : {most / 2 + 1, std::size_t{1} << 63, SIZE_MAX}) {
      const auto names_it = says("the rows would be");
      BOOST_CHECK_EXCEPTION(size_product("the rows", count, other), std::length_error, names_it);
      BOOST_CHECK_EXCEPTION(size_product("the rows", other, count), std::length_error, names_it);
    }
}

BOOST_AUTO_TEST_SUITE_END()
