// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <cstddef>
#include <fusegrad/function/call_of_rows.hpp>
#include <fusegrad/function/row_pass.hpp>
#include <fusegrad/function/scaled_sum.hpp>
#include <fusegrad/function/scratch.hpp>
#include <fusegrad/function/sum_over.hpp>
#include <tuple>
#include <utility>

namespace fusegrad {

namespace functions::inline FUSEGRAD_ABI {

/// exp(F - value), where the value is the last argument.
template <class F> struct relative_exponential {
  template <class... X> constexpr auto operator()(const X&... x) const {
    const std::tuple<const X&...> all{x...};
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return exp(F{}(std::get<I>(all)...) - std::get<sizeof...(X) - 1>(all));
    }(std::make_index_sequence<sizeof...(X) - 1>{});
  }
};

/// The logarithm of the sum of exponentials: each is taken relative to the largest so far, so none overflows.
struct log_sum_exp {
  static constexpr bool takes_several = false;

  template <class Call, class T, class Rows>
  static constexpr void run(const Rows& rows, const T* numbers, T* results, execution::team team, row_output<T> how) {
    if constexpr (Call::wants_rows)
      if (how.accumulate) return run_twice<Call>(rows, numbers, results, team, how);
    if (__builtin_is_constant_evaluated())
      run_with<Call, constant_lanes<T>>(rows, numbers, results, team, how);
    else
      run_with<Call, math::vector<T>>(rows, numbers, results, team, how);
  }

private:
  /// Where derivatives by rows are added to what is there already, they must be right at once: with the value known,
  /// they are those of the sum of exp(f - value).
  template <class Call, class T, class Rows>
  static constexpr void run_twice(const Rows& rows, const T* numbers, T* results, execution::team team,
                                  row_output<T> how) {
    run<typename Call::value_only>(rows, numbers, results, team, how);
    using relative = typename Call::template of_function<relative_exponential<typename Call::function>>;
    T more[relative::numbers + 1]{}, found[1 + Call::gradient_count]{};
    constexpr std::size_t given = Call::recipe::count;
    for (std::size_t i = 0; i < given; ++i) more[i] = numbers[i];
    more[given] = results[0];
    for (std::size_t i = given; i < Call::numbers; ++i) more[i + 1] = numbers[i];
    if (rows.length > 0 && scaled_sum<T>::is_finite(results[0])) summation::run<relative>(rows, more, found, team, how);
    for (std::size_t i = 0; i < Call::gradient_count; ++i) results[1 + i] = found[1 + i];
  }

  template <class Call, class Lanes, class T, class Rows>
  static constexpr void run_with(const Rows& rows, const T* numbers, T* results, execution::team team,
                                 row_output<T> how) {
    using value = typename Call::template program<row_request{.values = true, .kept_values = true}>;
    using slope = typename Call::template program<row_request{.differentiated = true, .seeded = true}>;
    using pass = log_sum_exp_pass<value, slope, Lanes, Rows>;
    const row_cut cut(rows.length, rows_in_block<Lanes>, most_parts);
    const std::size_t blocks = Call::wants_rows ? (rows.length + cut.block - 1) / cut.block : 0;
    const scratch<T> memory((cut.parts + 1) * pass::state_size + blocks * static_cast<std::size_t>(Lanes::lanes) + 1);
    T value_uniform[value::uniform + 1]{}, sums_and_uniform[slope::sums + slope::uniform + 1]{};
    value::begin(numbers, value_uniform);
    slope::begin(numbers, sums_and_uniform + slope::sums);
    const pass all{rows,          cut,
                   value_uniform, sums_and_uniform + slope::sums,
                   memory.data(), memory.data() + (cut.parts + 1) * pass::state_size};
    const auto nodes = static_cast<double>(value::body.node_count + slope::body.node_count + 20);
    const execution::team sized = team.sized_for(static_cast<double>(rows.length) * nodes);
    all.sum(sized);
    const scaled_sum<T> total{memory.data()[0], memory.data()[1]};
    results[0] = total.logarithm();
    for (std::size_t i = 0; i < slope::sums; ++i)
      sums_and_uniform[i] = total.sum == 0 ? T{0} : memory.data()[2 + i] / total.sum;
    slope::end(sums_and_uniform, results + 1);
    if constexpr (Call::wants_rows) all.finish_rows(sized, total, how);
  }
};

} // namespace functions::inline FUSEGRAD_ABI

/// log(sum(exp(f(column..., shared...)))) over rows, without overflow; minus infinity for no rows. Called as
/// `sum_over`.
template <class F> constexpr auto log_sum_exp_over(const F&) {
  return functions::reduction_over<F, functions::log_sum_exp>{};
}

} // namespace fusegrad
