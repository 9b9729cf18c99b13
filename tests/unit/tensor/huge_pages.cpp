// SPDX-License-Identifier: MIT
#include <fusegrad/tensor/huge_pages.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using namespace fusegrad::tensor;

static_assert(!lies_on_huge_pages(huge_page / 2 - 1) && lies_on_huge_pages(huge_page / 2));
static_assert(whole_pages(0) == 0 && whole_pages(1000) == 1000);
static_assert(whole_pages(huge_page / 2) == huge_page && whole_pages(huge_page) == huge_page);
static_assert(whole_pages(huge_page + 1) == 2 * huge_page);

} // namespace

BOOST_AUTO_TEST_SUITE(tensor_huge_pages)

// Memory that cannot lie on such pages is left as it is.
BOOST_AUTO_TEST_CASE(nothing_is_asked_of_memory_that_is_not_there) {
  int number = 7;
  ask_for_huge_pages(&number, sizeof number);
  BOOST_TEST(number == 7);
}

BOOST_AUTO_TEST_SUITE_END()
