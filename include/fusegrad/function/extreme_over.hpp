// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <cstddef>
#include <fusegrad/function/call_of_rows.hpp>
#include <fusegrad/function/row_pass.hpp>
#include <fusegrad/function/scratch.hpp>
#include <limits>

namespace fusegrad {

namespace functions::inline FUSEGRAD_ABI {

/// The largest or the smallest result, with the derivatives of the first row that has it.
template <bool Largest> struct extreme {
  static constexpr bool takes_several = false;

  template <class Call, class T, class Rows>
  static constexpr void run(const Rows& rows, const T* numbers, T* results, execution::team team, row_output<T> how) {
    if (__builtin_is_constant_evaluated())
      run_with<Call, constant_lanes<T>>(rows, numbers, results, team, how);
    else
      run_with<Call, math::vector<T>>(rows, numbers, results, team, how);
  }

  /// What is largest where the extreme is.
  template <class R> FUSEGRAD_INLINE static constexpr R directed(R x) noexcept {
    if constexpr (Largest)
      return x;
    else
      return R(0) - x;
  }

private:
  /// NaN is larger than any number.
  template <class T> static constexpr bool exceeds(T a, T b) noexcept { return a > b || (a != a && b == b); }

  template <class Call, class Lanes, class T, class Rows>
  static constexpr void run_with(const Rows& rows, const T* numbers, T* results, execution::team team,
                                 row_output<T> how) {
    using value = typename Call::template program<row_request{.values = true, .kept_values = true}>;
    const row_cut cut(rows.length, rows_in_block<Lanes>, most_parts);
    T uniform[value::uniform + 1]{};
    value::begin(numbers, uniform);
    T best_of[most_parts]{};
    std::size_t place_of[most_parts]{};
    const double operations = static_cast<double>(rows.length) * static_cast<double>(value::body.node_count);
    team.sized_for(operations).run([&](const execution::member& me) {
      const auto mine = me.share(cut.parts);
      for (std::size_t part = mine.begin; part < mine.end; ++part) {
        best_of[part] = -std::numeric_limits<T>::infinity();
        for (std::size_t first = part * cut.part; first < cut.end_of(part); first += cut.block) {
          const T best = best_of_block<value, Lanes>(rows, first, end_of_block(cut, part, first), uniform);
          if (first == part * cut.part || exceeds(best, best_of[part])) best_of[part] = best, place_of[part] = first;
        }
      }
    });
    std::size_t found = 0;
    for (std::size_t part = 1; part < cut.parts; ++part)
      if (exceeds(best_of[part], best_of[found])) found = part;
    results[0] = directed(cut.parts == 0 ? -std::numeric_limits<T>::infinity() : best_of[found]);
    if constexpr (Call::wanted != 0) {
      if (cut.parts == 0) return;
      const std::size_t first = place_of[found], end = end_of_block(cut, found, first);
      slopes_at<Call>(rows, row_with<value, Lanes>(rows, first, end, uniform, best_of[found]), numbers, results + 1,
                      how);
    }
  }

  static constexpr std::size_t end_of_block(const row_cut& cut, std::size_t part, std::size_t first) noexcept {
    return first + cut.block < cut.end_of(part) ? first + cut.block : cut.end_of(part);
  }

  /// Calls `each(register of directed values, first row, count)`; lanes without a row hold minus infinity.
  template <class Program, class Lanes, class Rows, class T, class F>
  FUSEGRAD_INLINE static constexpr void for_values(const Rows& rows, std::size_t first, std::size_t end,
                                                   const T* uniform, F&& each) noexcept {
    constexpr auto lanes = static_cast<std::size_t>(Lanes::lanes);
    Lanes arguments[Program::varying + Program::uniform], result[1];
    arguments[Rows::width] = Lanes(0);
    for (std::size_t i = 0; i < Program::uniform; ++i) arguments[Program::varying + i] = Lanes(uniform[i]);
    for (std::size_t row = first; row < end; row += lanes) {
      const int count = static_cast<int>(end - row < lanes ? end - row : lanes);
      rows.load(arguments, row, count);
      evaluate_lanes<Program::body>(arguments, result);
      const Lanes value = directed(result[0]);
      each(count < Lanes::lanes ? keep_first(value, count, -std::numeric_limits<T>::infinity()) : value, row, count);
    }
  }

  template <class Program, class Lanes, class Rows, class T>
  [[gnu::noinline]] static constexpr T best_of_block(const Rows& rows, std::size_t first, std::size_t end,
                                                     const T* uniform) noexcept {
    Lanes best(-std::numeric_limits<T>::infinity());
    for_values<Program, Lanes>(rows, first, end, uniform,
                               [&](Lanes value, std::size_t, int) { best = max_of_lanes(best, value); });
    T out = best[0];
    for (int lane = 1; lane < Lanes::lanes; ++lane) out = exceeds(best[lane], out) ? best[lane] : out;
    return out;
  }

  template <class Program, class Lanes, class Rows, class T>
  static constexpr std::size_t row_with(const Rows& rows, std::size_t first, std::size_t end, const T* uniform,
                                        T best) noexcept {
    std::size_t found = end;
    for_values<Program, Lanes>(rows, first, end, uniform, [&](Lanes value, std::size_t row, int count) {
      for (int lane = 0; lane < count; ++lane) {
        const bool is_it = value[lane] == best || (best != best && value[lane] != value[lane]);
        if (is_it && found == end) found = row + static_cast<std::size_t>(lane);
      }
    });
    return found < end ? found : first;
  }

  template <class Call, class Rows, class T>
  static constexpr void slopes_at(const Rows& rows, std::size_t row, const T* numbers, T* results,
                                  row_output<T> how) noexcept {
    using slope = typename Call::template program<row_request{.differentiated = true}>;
    T arguments[slope::varying + slope::uniform + 1]{}, found[slope::body.result_count + 1]{},
        sums_and_uniform[slope::sums + slope::uniform + 1]{};
    rows.read(arguments, row);
    slope::begin(numbers, arguments + slope::varying);
    expr::evaluate<slope::body>(arguments, found);
    for (std::size_t i = 0; i < slope::sums; ++i) sums_and_uniform[i] = found[slope::kept + i];
    for (std::size_t i = 0; i < slope::uniform; ++i) sums_and_uniform[slope::sums + i] = arguments[slope::varying + i];
    slope::end(sums_and_uniform, results);
    const T* next = found;
    rows.for_each([&](const auto& item, std::size_t) {
      using item_type = std::remove_cvref_t<decltype(item)>;
      if constexpr (item_type::is_wanted) {
        if (!how.accumulate)
          for (std::size_t i = 0; i < item.length * item_type::width; ++i) item.gradient[i] = 0;
        for (std::size_t i = 0; i < item_type::width; ++i) item.gradient_at(row, i) += *next++ * how.scale;
      }
    });
  }
};

} // namespace functions::inline FUSEGRAD_ABI

/// The largest `f(column..., shared...)` over rows; minus infinity for no rows, NaN if any is. Its derivatives are
/// those of the first row that has it. Called as `sum_over`.
template <class F> constexpr auto max_over(const F&) {
  return functions::reduction_over<F, functions::extreme<true>>{};
}
/// The smallest `f(column..., shared...)` over rows; infinity for no rows, NaN if any is. Its derivatives are those of
/// the first row that has it. Called as `sum_over`.
template <class F> constexpr auto min_over(const F&) {
  return functions::reduction_over<F, functions::extreme<false>>{};
}

} // namespace fusegrad
