// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/kernel/transpose.hpp>
#include <fusegrad/run/bindings.hpp>
#include <fusegrad/run/machine.hpp>
#include <fusegrad/run/pass_memory.hpp>
#include <fusegrad/run/program.hpp>
#include <fusegrad/run/team.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

// What an operation of a graph can read or make, a call can hold.
static_assert(graph::most_inputs <= kernel::most_places && graph::most_operands <= kernel::most_places);

namespace detail {

/// A table of a program, as a pointer of which the compiler does not know what it points to: GCC looks through all of a
/// large constant at every read that it tries to foresee.
template <class T> FUSEGRAD_INLINE constexpr const T* unforeseen(const T* table) noexcept {
  if (!__builtin_is_constant_evaluated()) asm("" : "+r"(table));
  return table;
}

/// A step of a program as it runs. Of no program's type: what fills in a call is compiled once for all.
struct listed_step {
  const step_place& at;
  const step_form& form;
  const argument_place* arguments;
  const argument* argument_forms;

  template <class Program>
  constexpr listed_step(const Program& program, const step_place& s) noexcept
      : at{s}, form{unforeseen(program.forms.data())[s.form]}, arguments{unforeseen(program.arguments.data())},
        argument_forms{unforeseen(program.argument_forms.data())} {}
  [[nodiscard]] constexpr const step_form& operator*() const noexcept { return form; }
  [[nodiscard]] constexpr const step_place& place() const noexcept { return at; }
  [[nodiscard]] constexpr argument left() const noexcept { return at_offset(form.left, at.left_offset); }
  [[nodiscard]] constexpr argument right() const noexcept { return at_offset(form.right, at.right_offset); }
  [[nodiscard]] constexpr argument places() const noexcept { return at_offset(form.places, at.places_offset); }
  [[nodiscard]] constexpr argument argument_at(std::size_t i) const noexcept {
    const argument_place& a = arguments[at.arguments_begin + i];
    return at_offset(argument_forms[a.form], a.offset);
  }
};
/// One that the compiler knows. Each argument is a constant of its own: what the optimiser only finds out makes other
/// code.
template <class Holder, std::size_t Step> struct known_step {
  static constexpr step s = Holder::value.step_at(Step);
  template <std::size_t Index> static constexpr argument known = Holder::value.argument_at(s.arguments_begin + Index);

  constexpr const step_form& operator*() const noexcept { return s; }
  [[nodiscard]] static constexpr const step_place& place() noexcept { return s; }
  [[nodiscard]] static constexpr const argument& left() noexcept { return s.left; }
  [[nodiscard]] static constexpr const argument& right() noexcept { return s.right; }
  [[nodiscard]] static constexpr const argument& places() noexcept { return s.places; }
  [[nodiscard]] static constexpr argument argument_at(std::size_t i) noexcept {
    return Holder::value.argument_at(s.arguments_begin + i);
  }
  /// Fills in where a call reads and writes.
  template <class T>
  FUSEGRAD_INLINE constexpr void place_all(kernel::call<T>& c, const pass_memory<T>& m) const noexcept {
    place_all(c, m, std::make_index_sequence<s.argument_count>{}, std::make_index_sequence<s.result_count>{});
  }

private:
  template <class T, std::size_t... I, std::size_t... K>
  FUSEGRAD_INLINE static constexpr void place_all(kernel::call<T>& c, const pass_memory<T>& m,
                                                  std::index_sequence<I...>, std::index_sequence<K...>) noexcept {
    ((c.arguments[I] = place_in<known<I>.where>(known<I>, known<I>.offset, m)), ...);
    constexpr std::size_t first = s.argument_count;
    ((c.results[K] = place_in<known<first + K>.where>(known<first + K>, known<first + K>.offset, m)), ...);
  }
};

template <class T>
FUSEGRAD_INLINE constexpr void fill_in_sizes(kernel::call<T>& c, const step_form& s, const task& t) noexcept {
  c.rows = s.is_of_batch ? 1 : t.rows;
  if (s.is_image) {
    c.samples = t.rows;
    c.image_rows = s.image_rows;
    c.rows = s.image_columns;
  }
  c.columns = s.columns;
  c.depth = s.depth;
}

/// Fills in a call: sizes, places, and what its kind needs besides. By reference: a call has places that stay empty,
/// and Clang copies no such object in constant evaluation.
template <graph::kind What, class T, class Step>
FUSEGRAD_INLINE constexpr void fill_in(kernel::call<T>& c, Step of, const pass_memory<T>& m, const task& t) noexcept {
  const step_form& s = *of;
  fill_in_sizes(c, s, t);
  of.place_all(c, m);
  binding<What>::fill_in(c, s, of, m, t);
}

/// Sizes and places of a step that a table names: one function for all kernels.
template <class T>
[[gnu::noinline]] constexpr void fill_in_listed(kernel::call<T>& c, const listed_step& of, const pass_memory<T>& m,
                                                const task& t) noexcept {
  const step_form& s = *of;
  fill_in_sizes(c, s, t);
  for (std::size_t i = 0; i < s.argument_count; ++i) c.arguments[i] = place_of(of.argument_at(i), m);
  for (std::size_t i = 0; i < s.result_count; ++i) c.results[i] = place_of(of.argument_at(s.argument_count + i), m);
}
template <graph::kind What, class T>
FUSEGRAD_INLINE constexpr void fill_in(kernel::call<T>& c, const listed_step& of, const pass_memory<T>& m,
                                       const task& t) noexcept {
  fill_in_listed(c, of, m, t);
  binding<What>::fill_in(c, *of, of, m, t);
}

/// Runs a kernel that works row by row over all rows of positions.
template <std::size_t Places, class T, class Kernel>
constexpr void each_image_row(kernel::call<T>& c, std::size_t arguments, Kernel kernel) noexcept {
  kernel::place<T> all[Places + 1]{};
  const auto place_at = [&](std::size_t i) -> kernel::place<T>& {
    return i < arguments ? c.arguments[i] : c.results[i - arguments];
  };
  for (std::size_t i = 0; i < Places; ++i) all[i] = place_at(i);
  for (std::size_t sample = 0; sample < c.samples; ++sample)
    for (std::size_t y = 0; y < c.image_rows; ++y) {
      for (std::size_t i = 0; i < Places; ++i) place_at(i) = kernel::at_image_row(all[i], sample, y);
      kernel(c);
    }
}

/// One step of a program, by the kernel that step number `Step` needs; the two are alike.
template <class Holder, std::size_t Step, class T>
constexpr void run_step(const step_place& at, const pass_memory<T>& m, const task& t) noexcept {
  constexpr step known = Holder::value.step_at(Step);
  using bound = binding<known.what>;
  kernel::call<T> c;
  const listed_step of(Holder::value, at);
  fill_in<known.what>(c, of, m, t);
  if constexpr (known.is_image && !bound::walks_over_images) {
    constexpr std::size_t arguments = known.argument_count;
    each_image_row<arguments + known.result_count>(c, arguments, [](const kernel::call<T>& row) {
      bound::template run<Holder, Step, kernel::fixed_shape{}>(row);
    });
  } else {
    if constexpr (bound::moves_window) c.window = &Holder::value.windows[of.form.window];
    bound::template run<Holder, Step, kernel::fixed_shape{}>(c);
  }
}

template <class T> using step_function = void (*)(const step_place&, const pass_memory<T>&, const task&) noexcept;
/// A function for each distinct kernel of a program; with `OfRows` alone, of those that make rows or the loss: others
/// are not compiled for it.
template <class Holder, class T, bool OfRows = false>
inline constexpr auto step_functions = []<std::size_t... Kernel>(std::index_sequence<Kernel...>) {
  constexpr auto function = []<std::size_t Step>(std::integral_constant<std::size_t, Step>) -> step_function<T> {
    if constexpr (OfRows && Step >= Holder::value.first_gradient_step())
      return nullptr;
    else
      return &run_step<Holder, Step, T>;
  };
  return std::array<step_function<T>, sizeof...(Kernel)>{
      function(std::integral_constant<std::size_t, static_cast<std::size_t>(Holder::value.kernels[Kernel])>{})...};
}(std::make_index_sequence<Holder::value.kernel_count>{});
template <class Holder, class T> inline constexpr auto& row_functions = step_functions<Holder, T, true>;

} // namespace detail

/// Runs the steps from `first` to `last` of a program over `rows` samples that lie in the workspace. With `accumulate`
/// gradients are added to what is there, else each is overwritten by its first contribution. Steps that are alike share
/// one kernel, so the code grows with the number of distinct layers only.
template <class Holder, class T>
constexpr void run(const pass_memory<T>& m, std::size_t rows, bool accumulate, std::size_t first = 0,
                   std::size_t last = Holder::value.step_count) noexcept {
  for (std::size_t i = first; i < last; ++i) {
    detail::step_functions<Holder, T>[Holder::value.form_of(i).kernel](Holder::value.steps[i], m, {rows, accumulate});
  }
}

/// Whether each thread keeps some panels of a weight to itself: a large one, with panels that can be dealt out evenly.
template <class T> constexpr bool is_kept_by_threads(std::size_t rows, std::size_t columns, int threads) noexcept {
  const std::size_t panels = kernel::panels_of<T>(columns), n = static_cast<std::size_t>(threads);
  return n > 1 && rows * kernel::padded<T>(columns) * sizeof(T) >= machine::bytes_of_kept_weight &&
         (panels % n == 0 || panels >= 4 * n);
}
/// Whether threads share a step by columns instead of by samples.
template <class T> constexpr bool is_shared_by_columns(const step_form& s, int threads) noexcept {
  return s.shared_by == sharing::panels && is_kept_by_threads<T>(s.depth, s.columns, threads);
}

/// Whether the transpose of a weight is made panel by panel, each where it is read next: a large one whose panels are
/// each read by one thread, and then not again. A panel so never leaves the near cache; all of it would.
template <class T> constexpr bool is_turned_late(const parameter_place& p, int threads) noexcept {
  return p.taps == 1 && p.groups == 1 && p.out * kernel::padded<T>(p.in) * sizeof(T) >= machine::bytes_of_kept_weight &&
         (threads == 1 || is_kept_by_threads<T>(p.out, p.in, threads));
}
/// Whether a step reads such a weight.
template <class Holder, class T>
constexpr bool turns_weight(const pass_memory<T>& m, const step_place& at, const step_form& s, int threads) noexcept {
  return s.transposed && m.turned != nullptr &&
         is_turned_late<T>(Holder::value.parameters[static_cast<std::size_t>(at.parameter)], threads);
}

/// A thread's columns of a step whose weight is turned late: each panel is made in the place of the first, which is the
/// thread's own.
template <class Holder, class T>
void run_turning(pass_memory<T> m, const step_place& at, std::size_t rows, const member& who) noexcept {
  const parameter_place& p = Holder::value.parameters[static_cast<std::size_t>(at.parameter)];
  const auto function = detail::row_functions<Holder, T>[Holder::value.forms[at.form].kernel];
  const auto wide = static_cast<std::size_t>(kernel::tiles_for<T>(p.in).wide);
  const std::size_t strips = kernel::transpose_strips<T>(p.in);
  const auto [first, last] = who.share(kernel::panels_of<T>(p.in));
  m.first_row = 0;
  for (std::size_t panel = first; panel < last; ++panel) {
    T* const made = m.turned - (panel - first) * wide * static_cast<std::size_t>(math::native_lanes<T>) * p.out;
    const std::size_t begin = panel * wide, end = begin + wide;
    kernel::transpose(m.parameters + p.offset, made + p.transposed_offset, p.in, p.out, begin,
                      end < strips ? end : strips);
    m.transposed = made;
    function(at, m, {rows, false, panel, panel + 1, false});
  }
}

/// Whether a step makes what the whole batch has in common.
constexpr bool is_for_batch(const step_form& s) noexcept {
  return s.shared_by == sharing::columns || s.shared_by == sharing::none;
}

/// A thread's columns of a step whose result the whole batch has in common. Threads have the same columns in all such
/// steps of one width, and need not wait for each other between them.
template <class Holder, class T>
constexpr void run_for_batch(const pass_memory<T>& m, const step_place& at, std::size_t rows,
                             const member& who) noexcept {
  const step_form& s = Holder::value.forms[at.form];
  const auto function = detail::row_functions<Holder, T>[s.kernel];
  if (s.shared_by == sharing::none) {
    if (who.rank == 0) function(at, m, {rows});
    return;
  }
  const auto [first, last] = who.share(kernel::units_of_columns<T>(s.columns));
  if (first < last) function(at, m, {rows, false, first, last});
}

/// A thread's part of the steps that make rows, for `rows` samples of which those from `begin` to `end` are its own.
template <class Holder, class T>
constexpr void run_rows(pass_memory<T> m, std::size_t rows, std::size_t begin, std::size_t end,
                        const member& who) noexcept {
  std::uint32_t batch_width = 0; // of the steps for the batch that run now; 0: rows are being made
  for (std::size_t i = 0; i < Holder::value.row_steps; ++i) {
    const step_place& at = Holder::value.steps[i];
    const step_form& s = Holder::value.form_of(i);
    if (is_for_batch(s)) {
      if (batch_width != s.columns || s.shared_by == sharing::none) who.wait_for_all();
      m.first_row = 0;
      run_for_batch<Holder>(m, at, rows, who);
      batch_width = s.shared_by == sharing::columns ? s.columns : ~std::uint32_t{0};
      continue;
    }
    if (batch_width != 0) who.wait_for_all();
    batch_width = 0;
    const auto function = detail::row_functions<Holder, T>[s.kernel];
    if (turns_weight<Holder>(m, at, s, who.size)) {
      who.wait_for_all();
      run_turning<Holder>(m, at, rows, who);
      who.wait_for_all();
    } else if (is_shared_by_columns<T>(s, who.size)) {
      who.wait_for_all();
      const auto [first, last] = who.share(kernel::panels_of<T>(s.columns));
      m.first_row = 0;
      if (first < last) function(at, m, {rows, false, first, last});
      who.wait_for_all();
    } else if (begin < end) {
      m.first_row = begin;
      function(at, m, {end - begin});
    }
  }
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
