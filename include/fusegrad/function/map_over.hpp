// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/function/errors.hpp>

#include <cstddef>
#include <fusegrad/function/call_of_rows.hpp>
#include <fusegrad/function/row_pass.hpp>
#include <span>
#include <stdexcept>
#include <string>

namespace fusegrad {

namespace functions::inline FUSEGRAD_ABI {

namespace detail {
[[noreturn]] inline void refuse_output(const char* what, std::size_t got, std::size_t rows, std::size_t each) {
  throw std::invalid_argument(std::string("fusegrad: map_over: ") + what + " have room for " + std::to_string(got) +
                              " numbers; " + std::to_string(rows) + " rows of " + std::to_string(each) + " are needed");
}
} // namespace detail

/// The results of a function for each row, and how they depend on the row's numbers.
template <class F> struct rows_of_results {
  int threads = 0; ///< 0: as many as OpenMP offers and the work pays for

  [[nodiscard]] constexpr rows_of_results with_threads(int count) const noexcept { return {count}; }

  /// Writes the results row by row: [row][result].
  /// @throws std::invalid_argument if `values` has another size.
  template <class Values, class Rows, class... Shared>
  constexpr void operator()(Values&& values, const Rows& rows, const Shared&... shared) const {
    if constexpr (fits_call<Rows, Shared...>()) {
      using call = call_of_rows<F, false, Rows, Shared...>;
      const std::span out(values);
      if (out.size() != rows.length * call::results)
        detail::refuse_output("the values", out.size(), rows.length, call::results);
      run<call, false>(out.data(), out.data(), rows, shared...);
    }
  }

  /// The same, and into `jacobian` the derivatives of each result by each number of the row, row by row:
  /// [row][result][number]; those by columns that are `constant(...)` are left out.
  /// @throws std::invalid_argument if `values` or `jacobian` has another size.
  template <class Values, class Jacobian, class Rows, class... Shared>
  constexpr void values_and_jacobian(Values&& values, Jacobian&& jacobian, const Rows& rows,
                                     const Shared&... shared) const {
    if constexpr (fits_call<Rows, Shared...>()) {
      using call = call_of_rows<F, false, Rows, Shared...>;
      const std::span out(values);
      const std::span slopes(jacobian);
      if (out.size() != rows.length * call::results)
        detail::refuse_output("the values", out.size(), rows.length, call::results);
      if (slopes.size() != rows.length * call::results * Rows::varied_width)
        detail::refuse_output("the derivatives", slopes.size(), rows.length, call::results * Rows::varied_width);
      run<call, true>(out.data(), slopes.data(), rows, shared...);
    }
  }

private:
  template <class Rows, class... Shared> static constexpr bool fits_call() {
    using found = decltype(detail::fault_of_rows<F, Rows, Shared...>());
    static_cast<void>(sizeof(typename found::error));
    return !diagnostics::is_fault<found>;
  }

  template <class Call, bool WithJacobian, class T, class Rows, class... Shared>
  constexpr void run(T* values, T* jacobian, const Rows& rows, const Shared&... shared) const {
    if (__builtin_is_constant_evaluated())
      run_with<Call, WithJacobian, constant_lanes<T>>(values, jacobian, rows, shared...);
    else
      run_with<Call, WithJacobian, math::vector<T>>(values, jacobian, rows, shared...);
  }

  template <class Call, bool WithJacobian, class Lanes, class T, class Rows, class... Shared>
  constexpr void run_with(T* values, T* jacobian, const Rows& rows, const Shared&... shared) const {
    using program =
        row_program<typename Call::recipe, row_request{.row_numbers = static_cast<int>(Call::row_numbers),
                                                       .values = true,
                                                       .differentiated = true,
                                                       .kept_values = true,
                                                       .row_arguments = static_cast<int>(Call::row_arguments),
                                                       .by = WithJacobian ? Rows::varied_bits : 0}>;
    T numbers[Call::numbers + 1]{}, uniform[program::uniform + 1]{};
    Call::flatten(numbers, shared...);
    program::begin(numbers, uniform);
    const row_cut cut(rows.length, rows_in_block<Lanes>, most_parts);
    const double operations = static_cast<double>(rows.length) * static_cast<double>(program::body.node_count);
    execution::team(threads).sized_for(operations).run([&](const execution::member& me) {
      const auto mine = me.share(cut.parts);
      for (std::size_t part = mine.begin; part < mine.end; ++part)
        map_part<program, Call::results, Lanes>(rows, part * cut.part, cut.end_of(part), uniform, values, jacobian);
    });
  }

  template <class Program, std::size_t Results, class Lanes, class T, class Rows>
  [[gnu::noinline]] static constexpr void map_part(const Rows& rows, std::size_t first, std::size_t end,
                                                   const T* uniform, T* values, T* jacobian) noexcept {
    constexpr auto lanes = static_cast<std::size_t>(Lanes::lanes);
    Lanes arguments[Program::varying + Program::uniform], found[Program::body.result_count + 1];
    arguments[Rows::width] = Lanes(0);
    for (std::size_t i = 0; i < Program::uniform; ++i) arguments[Program::varying + i] = Lanes(uniform[i]);
    for (std::size_t row = first; row < end; row += lanes) {
      const std::size_t count = end - row < lanes ? end - row : lanes;
      rows.load(arguments, row, static_cast<int>(count));
      evaluate_lanes<Program::body>(arguments, found);
      store_rows<Results>(found, values + row * Results, count);
      constexpr std::size_t slopes = Program::body.result_count - Results;
      if constexpr (slopes > 0) store_rows<slopes>(found + Results, jacobian + row * slopes, count);
    }
  }

  /// `Width` registers of a row each lane, as rows in memory.
  template <std::size_t Width, class Lanes, class T>
  FUSEGRAD_INLINE static constexpr void store_rows(const Lanes* from, T* to, std::size_t count) noexcept {
    if constexpr (Width == 1) {
      store_first(*from, to, static_cast<int>(count));
    } else {
      for (std::size_t lane = 0; lane < count; ++lane)
        for (std::size_t i = 0; i < Width; ++i) to[lane * Width + i] = from[i][static_cast<int>(lane)];
    }
  }
};

} // namespace functions::inline FUSEGRAD_ABI

/// `f(column..., shared...)` for each row: `map_over(f)(values, columns(x, y), a)`; with `values_and_jacobian` the
/// block of derivatives of each row, too.
template <class F> constexpr auto map_over(const F&) { return functions::rows_of_results<F>{}; }

} // namespace fusegrad
