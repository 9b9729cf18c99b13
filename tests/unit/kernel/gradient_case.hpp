// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/kernel/weight_gradient.hpp>

#include "unit/kernel/support.hpp"

namespace fusegrad::test {

using kernel::access;

/// Inputs of random shape, and a call that points to them.
template <class T> struct gradient_case {
  std::size_t count, depth, columns;
  rows<T> x{count, depth}, dy{count, columns};
  kernel::call<T> c;

  gradient_case(std::size_t count_, std::size_t depth_, std::size_t columns_)
      : count{count_}, depth{depth_}, columns{columns_} {
    x.fill(T(-7)), dy.fill();
    c.rows = count, c.columns = columns, c.depth = depth;
    c.left = x.data(), c.right = dy.data();
    c.last_unit = units();
  }
  std::size_t units() const { return kernel::weight_units<T>(depth, columns); }

  /// Sums into `to`; with `accumulate` onto what is there.
  void sum(panelled<T>& to, bool accumulate, bool plainly = false) {
    c.gradient = to.data(), c.accumulate = accumulate;
    c.results[0] = {to.data(), 0, 0, 0};
    run<kept, 1, accesses(access::product)>(plainly);
  }

  template <class Function, std::size_t Arity, auto Accesses> void run(bool plainly = false) {
    with_tiles_for<T>(columns, [&](auto wide, auto rest) {
      using tested =
          kernel::weight_gradient<T, kernel::column_tiles{wide, rest}, expression_table<Function, Arity>, Accesses>;
      if (plainly)
        tested::run_plainly(c);
      else
        tested::run(c);
    });
  }
};
template <class T> gradient_case<T> random_gradient() { return {between(1, 70), between(1, 100), between(1, 200)}; }

template <class T> bool same_bits(panelled<T>& a, panelled<T>& b) {
  return std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

} // namespace fusegrad::test
