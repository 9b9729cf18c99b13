// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/joined_product.hpp>

#include "unit/kernel/product_case.hpp"

namespace {

using namespace fusegrad;
using namespace fusegrad::test;
using kernel::access;

/// Three products with one matrix: of the rows of the case, and of two others.
template <class T> struct joined_case : product_case<T> {
  rows<T> second{this->count, this->depth}, third{this->count, this->depth};

  explicit joined_case(std::size_t rows_) : product_case<T>(rows_, between(1, 40), between(1, 150)) {
    second.fill(T(-17)), third.fill(T(-19));
  }

  template <class Function, std::size_t Arity, auto Accesses> void run(std::size_t results, bool panel_by_panel) {
    kernel::call<T> c;
    c.rows = this->count, c.columns = this->columns, c.depth = this->depth;
    c.left = this->left.data(), c.left_stride = this->left.place().stride, c.right = this->weight.data();
    c.arguments[1] = {this->bias.data(), 0, 0, 0};
    c.arguments[2] = second.place(), c.arguments[3] = third.place(), c.arguments[4] = this->other.place();
    with_tiles_for<T>(this->columns, [&](auto wide, auto rest) {
      using tested =
          kernel::joined_product<T, kernel::column_tiles{wide, rest}, expression_table<Function, Arity>, Accesses>;
      for (std::size_t k = 0; k < results; ++k) c.results[k] = this->expected[k].place();
      tested::run_plainly(c);
      for (std::size_t k = 0; k < results; ++k) c.results[k] = this->found[k].place();
      if (!panel_by_panel) return tested::run(c);
      for (std::size_t unit = kernel::panels_of<T>(this->columns); unit-- > 0;) {
        c.first_unit = unit, c.last_unit = unit + 1;
        tested::run(c);
      }
    });
    for (std::size_t k = 0; k < results; ++k) {
      this->found[k].check_untouched_around();
      this->found[k].check_padding_is_zero();
    }
  }
};

// Each sum runs over its terms in order, whatever stands beside it; single rows, too.
using second_alone = decltype([](auto, auto, auto y, auto) { return y; });
using all_three = decltype([](auto x, auto b, auto y, auto z, auto w) { return max(max(x + b, y), max(z, w)); });

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_joined_product)

BOOST_AUTO_TEST_CASE_TEMPLATE(each_product_has_the_bits_of_plain_loops, T, both_types) {
  for (int i = 0; i < 60; ++i) {
    joined_case<T> c(i < 10 ? static_cast<std::size_t>(i + 1) : between(1, 50));
    c.template run<second_alone, 4, accesses(access::product, access::column, access::factor, access::factor)>(
        1, i % 2 == 0);
    c.found[0].check_equal(c.expected[0], 0);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_expression_has_all_of_them, T, both_types) {
  for (int i = 0; i < 60; ++i) {
    joined_case<T> c(between(1, 50));
    c.template run<all_three, 5,
                   accesses(access::product, access::column, access::factor, access::factor, access::element)>(
        1, i % 2 == 0);
    c.found[0].check_equal(c.expected[0], 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
