// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/product.hpp>

#include "unit/kernel/product_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_product)

BOOST_AUTO_TEST_CASE_TEMPLATE(without_epilogue_the_bits_are_those_of_plain_loops, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    auto plain = random_case<T>();
    plain.template run<kept, 1, accesses(access::product)>(1);
    plain.found[0].check_equal(plain.expected[0], 0);
  }
}

// Several sums of it run side by side.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_single_row_has_the_same_sums_in_another_order, T, both_types) {
  for (int i = 0; i < 150; ++i) {
    product_case<T> single(1, i < 20 ? static_cast<std::size_t>(i + 1) : between(1, 300), between(1, 200));
    single.template run<kept, 1, accesses(access::product)>(1);
    single.check_sums_in_any_order();
  }
}

BOOST_AUTO_TEST_SUITE_END()
