// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <cstddef>
#include <fusegrad/expr/values.hpp>
#include <fusegrad/function/arguments.hpp>
#include <fusegrad/function/call_of_rows.hpp>
#include <fusegrad/function/row_pass.hpp>
#include <fusegrad/function/scratch.hpp>

namespace fusegrad {

namespace functions::inline FUSEGRAD_ABI {

/// The sum of the results.
struct summation {
  static constexpr bool takes_several = true;

  template <class Call, class T, class Rows>
  static constexpr void run(const Rows& rows, const T* numbers, T* results, execution::team team, row_output<T> how) {
    if (__builtin_is_constant_evaluated())
      run_with<Call, constant_lanes<T>>(rows, numbers, results, team, how);
    else
      run_with<Call, math::vector<T>>(rows, numbers, results, team, how);
  }

private:
  template <class Call, class Lanes, class T, class Rows>
  static constexpr void run_with(const Rows& rows, const T* numbers, T* results, execution::team team,
                                 row_output<T> how) {
    using program = typename Call::template program<row_request{.values = true, .differentiated = true}>;
    const row_cut cut(rows.length, rows_in_block<Lanes>, most_parts);
    const std::size_t parts = cut.parts == 0 ? 1 : cut.parts;
    const scratch<T> memory(parts * program::sums + 1);
    T sums_and_uniform[program::sums + program::uniform + 1]{};
    T* const uniform = sums_and_uniform + program::sums;
    program::begin(numbers, uniform);
    const double operations = static_cast<double>(rows.length) * static_cast<double>(program::body.node_count);
    sum_rows<program, Lanes>(rows, cut, uniform, memory.data(), team.sized_for(operations), how);
    for (std::size_t i = 0; i < program::sums; ++i) sums_and_uniform[i] = memory.data()[i];
    program::end(sums_and_uniform, results);
  }
};

} // namespace functions::inline FUSEGRAD_ABI

/// The sum of `f(column..., shared...)` over rows: `sum_over(f)(columns(x, y), a, b)`. It is called with the rows, then
/// with the arguments that all rows share: numbers, `std::array` or `std::span` of fixed size. `value_and_gradient` is
/// called in the same way and gives the value and the derivatives by each shared argument, in one pass over the rows.
/// The bits are the same for any number of threads.
template <class F> constexpr auto sum_over(const F&) { return functions::reduction_over<F, functions::summation>{}; }

} // namespace fusegrad
