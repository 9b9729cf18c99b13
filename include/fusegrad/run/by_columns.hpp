// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/size_product.hpp>
#include <fusegrad/run/direct.hpp>
#include <utility>

// The smallest networks on many samples: values lie by columns, the numbers of all samples one after the other, so that
// vectors are of samples. No width is too small for a vector then, a sum over a row needs no sum of lanes, and the
// backward pass needs no transposed weights. Each step is a function, its sizes and places known to the compiler.
namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Samples that have room by columns, and how far it is from one column to the next: some lines of a cache more, since
/// columns at a distance that is a power of two would fall on the same lines. Multiples of every vector.
inline constexpr std::size_t samples_by_columns = 256;
inline constexpr std::size_t column_stride = samples_by_columns + 16;
/// So many samples go through all layers before the next do: what they need stays in the nearest cache.
inline constexpr std::size_t samples_of_a_strip = 64;

namespace detail {
template <class Program> constexpr bool lies_by_columns(const Program& program, const step& s) noexcept {
  if (s.is_image || s.is_of_batch || s.reads_parts || s.groups != 1 || s.taps != 1 || s.positions != 1) return false;
  for (std::size_t i = 0; i < s.argument_count + std::size_t{s.result_count}; ++i) {
    const argument a = program.argument_at(s.arguments_begin + i);
    if (a.where == memory::batch || a.where == memory::observations || a.is_part) return false;
    if (a.how == kernel::access::range || a.how == kernel::access::factor) return false;
    const bool is_same_for_rows = a.how == kernel::access::column || a.how == kernel::access::scalar;
    if (a.where == memory::rows && (is_same_for_rows || a.first != 0)) return false;
  }
  return true;
}
} // namespace detail

/// Whether a program keeps the values of many samples by columns.
template <class T, class Program> constexpr bool is_by_columns(const Program& program) noexcept {
  if (!is_direct<T>(program) || program.parameter_size * sizeof(T) > machine::columns_weight_bytes) return false;
  if (program.couples_batch || program.draws_random_numbers || program.has_borders || program.reads_given) return false;
  for (const row_place& place : program.inputs)
    if (!place.is_flat) return false;
  for (const row_place& place : program.outputs)
    if (!place.is_flat) return false;
  bool has_narrow_layer = false;
  for (const parameter_place& p : program.parameters)
    has_narrow_layer =
        has_narrow_layer || (p.is_matrix && 2 * p.out <= static_cast<std::size_t>(math::native_lanes<T>));
  if (!has_narrow_layer) return false; // rows of whole vectors are as good, and tiles keep their sums in registers
  for (const parameter_place& p : program.parameters)
    if (p.in > machine::columns_width || p.out > machine::columns_width || p.groups != 1 || p.taps != 1) return false;
  for (std::size_t i = 0; i < program.step_count; ++i) {
    const step s = program.step_at(i);
    if (!binding_of<T>(s).runs_by_columns(s) || !detail::lies_by_columns(program, s)) return false;
  }
  return true;
}

/// How many samples go through a program together, and how many rows there are for them: kernels work on whole blocks.
struct row_room {
  std::size_t samples, capacity;
};
/// For one that takes `samples` by rows.
template <class T, class Program>
constexpr row_room room_for_rows(const Program& program, std::size_t samples) noexcept {
  if (is_by_columns<T>(program)) return {samples_by_columns, column_stride};
  return {samples, base::size_sum(samples, kernel::row_slack)};
}

/// Copies samples `first` to `last` to the columns that a program reads; as `load_rows`.
template <class Holder, std::size_t Inputs, std::size_t Stride, class T, class Sample>
FUSEGRAD_INLINE constexpr void load_columns(T* workspace, std::size_t first, std::size_t last, const Sample& sample) {
  for (std::size_t i = first; i < last; ++i) {
    const T* from = sample(i);
    kernel::unroll<static_cast<int>(Inputs)>([&](auto input) FUSEGRAD_INLINE {
      constexpr row_place place = Holder::value.inputs[input];
      T* const to = workspace + place.offset * Stride + i;
      for (std::size_t k = 0; k < place.width; ++k) to[k * Stride] = from[k];
      from += place.width;
    });
  }
}

/// Copies all outputs of the first samples to consecutive rows; as `store_outputs`.
template <class Holder, std::size_t Stride, class T>
constexpr void store_columns(const T* workspace, std::size_t count, T* out) {
  constexpr std::size_t step = output_width(Holder::value);
  kernel::unroll<static_cast<int>(Holder::value.outputs.size())>([&](auto output) FUSEGRAD_INLINE {
    constexpr row_place place = Holder::value.outputs[output];
    for (std::size_t k = 0; k < place.width; ++k, ++out) {
      const T* const from = workspace + (place.offset + k) * Stride;
      for (std::size_t i = 0; i < count; ++i) out[i * step] = from[i];
    }
  });
}

namespace detail {

template <class Holder, std::size_t Step, std::size_t Stride, class T>
FUSEGRAD_INLINE constexpr void columns_step(const pass_memory<T>& m, std::size_t first, const task& t) noexcept {
  constexpr step s = Holder::value.step_at(Step);
  pass_memory<T> moved = m;
  moved.workspace += first;
  moved.first_row = 0;
  kernel::call<T> c;
  fill_in_directly<Holder, Step, Stride, 0>(c, known_step<Holder, Step>{}, moved, t);
  binding<s.what>::template run_by_columns<Holder, Step, Stride>(c, moved);
}

template <class Holder, std::size_t Step, std::size_t Stride, class T>
[[gnu::noinline]] constexpr void columns_function(const pass_memory<T>& m, std::size_t first,
                                                  std::size_t rows) noexcept {
  writes_to_memory();
  columns_step<Holder, Step, Stride>(m, first, {rows});
}

} // namespace detail

/// Runs the steps that make rows, for samples `begin` to `end`; `begin` is a multiple of a vector.
template <class Holder, std::size_t Stride, class T>
constexpr void run_by_columns(const pass_memory<T>& m, std::size_t begin, std::size_t end) noexcept {
  for (std::size_t first = begin; first < end; first += samples_of_a_strip) {
    const std::size_t rows = end - first < samples_of_a_strip ? end - first : samples_of_a_strip;
    [&]<std::size_t... Step>(std::index_sequence<Step...>) {
      (detail::columns_function<Holder, Step, Stride>(m, first, rows), ...);
    }(row_numbers<Holder>{});
  }
}

/// Adds the loss of `rows` samples, as `run_loss` does it.
template <class Holder, std::size_t Stride, class T>
constexpr void run_loss_by_columns(const pass_memory<T>& m, std::size_t rows, const member& who) noexcept {
  if (who.rank + 1 != who.size) return;
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    (detail::columns_step<Holder, Holder::value.row_steps + Index, Stride>(m, 0, {rows}), ...);
  }(loss_numbers<Holder>{});
}

/// A thread's share of the sums, as `run_sums` does it without an update.
template <class Holder, std::size_t Stride, class T>
constexpr void run_sums_by_columns(const pass_memory<T>& m, std::size_t rows, bool accumulate,
                                   const member& who) noexcept {
  sharing_of_sums sharing(who, work_of_sums<Holder, T>);
  [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    const auto one = [&](auto number, const share_of_sum& share) {
      if (share.first < share.last)
        detail::columns_step<Holder, number, Stride>(m, 0, {rows, accumulate, share.first, share.last});
    };
    (one(std::integral_constant<std::size_t, Holder::value.first_gradient_step() + Index>{},
         sharing.next(costs_of_sums<Holder, T>[Index])),
     ...);
  }(sum_numbers<Holder>{});
}

// As a program is run: by columns, directly, or from its table.

/// A thread's part of the steps that make rows, for `rows` samples of which those from `begin` to `end` are its own.
template <class Holder, std::size_t Capacity, class T>
constexpr void run_planned_rows(pass_memory<T> m, std::size_t rows, std::size_t begin, std::size_t end,
                                const member& who) noexcept {
  m.first_row = begin;
  if constexpr (is_by_columns<T>(Holder::value))
    run_by_columns<Holder, Capacity>(m, begin, end);
  else if constexpr (!is_direct<T>(Holder::value))
    run_rows<Holder>(m, rows, begin, end, who);
  else if (begin < end)
    run_direct<Holder, Capacity>(m, end - begin);
}
/// The loss of all of them.
template <class Holder, std::size_t Capacity, class T>
constexpr void run_planned_loss(const pass_memory<T>& m, std::size_t rows, const member& who) noexcept {
  if constexpr (is_by_columns<T>(Holder::value))
    run_loss_by_columns<Holder, Capacity>(m, rows, who);
  else if constexpr (is_direct<T>(Holder::value))
    run_direct_loss<Holder, Capacity>(m, rows, who);
  else
    run_loss<Holder>(m, rows, who);
}
/// A thread's share of the sums over all of them; by columns nothing is updated at once.
template <class Holder, std::size_t Capacity, class Update, class T>
constexpr void run_planned_sums(const pass_memory<T>& m, std::size_t rows, bool accumulate, const member& who,
                                const Update* update) noexcept {
  if constexpr (is_by_columns<T>(Holder::value))
    run_sums_by_columns<Holder, Capacity>(m, rows, accumulate, who);
  else if constexpr (is_direct<T>(Holder::value))
    run_direct_sums<Holder, Capacity>(m, rows, accumulate, who, update);
  else
    run_sums<Holder>(m, rows, accumulate, who, update);
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
