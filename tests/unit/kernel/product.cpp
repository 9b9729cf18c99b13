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

// As threads share it that keep panels of a large weight to themselves.
BOOST_AUTO_TEST_CASE(panel_by_panel_the_bits_are_the_same) {
  for (int i = 0; i < 60; ++i) {
    product_case<float> c(between(1, 30), between(1, 60), between(1, 300));
    kernel::call<float> call;
    call.rows = c.count, call.columns = c.columns, call.depth = c.depth, call.left = c.left.data(),
    call.right = c.weight.data();
    const std::size_t panels = kernel::panels_of<float>(c.columns);
    with_tiles_for<float>(c.columns, [&](auto wide, auto rest) {
      using tested = kernel::product<float, kernel::column_tiles{wide, rest}, expression_table<kept, 1>,
                                     accesses(access::product)>;
      call.results[0] = c.expected[0].place();
      tested::run(call);
      call.results[0] = c.found[0].place();
      for (std::size_t unit = panels; unit-- > 0;) {
        call.first_unit = unit, call.last_unit = unit + 1;
        tested::run(call);
      }
    });
    c.found[0].check_equal(c.expected[0], 0);
    c.found[0].check_padding_is_zero();
    c.found[0].check_untouched_around();
  }
}

BOOST_AUTO_TEST_SUITE_END()
