// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/kernel/product.hpp>

#include "unit/kernel/support.hpp"

namespace fusegrad::test {

/// The memory of one call, twice: for the kernel and for plain loops.
template <class T> struct product_case {
  std::size_t count, depth, columns;
  rows<T> left{count, depth}, bias{1, columns}, other{count, columns};
  panelled<T> weight{depth, columns};
  rows<T> found[2]{{count, columns}, {count, columns}}, expected[2]{{count, columns}, {count, columns}};

  product_case(std::size_t rows_, std::size_t depth_, std::size_t columns_)
      : count{rows_}, depth{depth_}, columns{columns_} {
    left.fill(T(-7)), weight.fill(T(-9)), bias.fill(T(-11)),
        other.fill(T(-13)); // what stands in the padding must not matter
  }

  template <class Function, std::size_t Arity, auto Accesses> void run(std::size_t results) {
    kernel::call<T> c;
    c.rows = count, c.columns = columns, c.depth = depth;
    c.left = left.data(), c.right = weight.data();
    c.arguments[1] = {bias.data(), 0, 0, 0};
    c.arguments[2] = other.place();
    with_tiles_for<T>(columns, [&](auto wide, auto rest) {
      using tested = kernel::product<T, kernel::column_tiles{wide, rest}, expression_table<Function, Arity>, Accesses>;
      for (std::size_t k = 0; k < results; ++k) c.results[k] = found[k].place();
      tested::run(c);
      for (std::size_t k = 0; k < results; ++k) c.results[k] = expected[k].place();
      tested::run_plainly(c);
    });
    for (std::size_t k = 0; k < results; ++k) {
      found[k].check_untouched_around();
      found[k].check_padding_is_zero();
    }
  }

  /// Sums of n products in two orders. In either of them each product is rounded at most n times, by half an epsilon:
  /// they are n epsilons of the sum of absolute values apart, and one more pays for the rounding of that. Zeros on the
  /// left do not count. What is computed of the sum and the bias, of slopes up to 1, is off by `behind` epsilons of
  /// them.
  void check_sums_in_any_order(T behind = 0) {
    for (std::size_t r = 0; r < count; ++r)
      for (std::size_t o = 0; o < columns; ++o) {
        T scale{}, summands{};
        for (std::size_t k = 0; k < depth; ++k)
          if (left.at(r, k) != T{0}) scale += std::abs(left.at(r, k) * weight.at(k, o)), ++summands;
        const T error = std::abs(found[0].at(r, o) - expected[0].at(r, o));
        const T epsilons = (summands + 1) * scale + behind * (scale + std::abs(bias.at(0, o)));
        BOOST_REQUIRE_MESSAGE(error <= std::numeric_limits<T>::epsilon() * epsilons,
                              depth << " by " << columns << ", row " << r << ", column " << o << ": off by " << error
                                    << ", the scale is " << scale);
      }
  }
};

/// Two rows at least: a single one is summed in another order.
template <class T> product_case<T> random_case() { return {between(2, 70), between(1, 100), between(1, 200)}; }

} // namespace fusegrad::test
