// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/contraction.hpp>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/function/fused_nodes.hpp>
#include <utility>

// A table too long for one function, in which registers would hold its values: it is worked out in pieces, and a value
// takes the place of one that is no longer needed. So they stay few enough for the nearest memory.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

namespace detail {

/// The steps of a table: its nodes without arguments, which are read where they are, and without what is multiplied as
/// it is added. Operands are numbered anew: the arguments, then the places of values.
template <auto Table, std::size_t Kept> struct long_steps {
  std::uint64_t code[Table.node_count + 1]{};
  std::uint64_t looked_into[Table.node_count + 1]{};
  double constant[Table.node_count + 1]{};
  node_use use[Table.node_count + 1]{};
  std::uint16_t place[Table.node_count + 1]{};   ///< where a step puts its value
  std::uint16_t where[Table.result_count + 1]{}; ///< where the results are found that are kept
  std::size_t count = 0, places = 0;

  constexpr long_steps() {
    find_last_uses();
    for (std::size_t i = 0; i < Table.node_count; ++i) {
      const expr::node n = Table[i];
      const node_use of = summed<Table, Kept>.of[i];
      if (n.op == expr::operation::argument) place_of_[i] = n.a;
      if ((n.op == expr::operation::argument || of.is_skipped) && of.sum == 0) continue;
      code[count] = moved(Table.code[i]);
      if (n.op == expr::operation::select) looked_into[count] = moved(Table.code[n.a]);
      if (factors_of(i) != 0) looked_into[count] = moved(factors_of(i));
      if (n.op == expr::operation::constant) constant[count] = Table.constants[n.a];
      use[count] = of;
      for_each_read(i, [&](std::uint16_t read) { release(read, i); });
      if (n.op == expr::operation::argument)
        place[count] = take_for_a_moment();
      else if (!of.is_skipped)
        place[count] = take(i);
      ++count;
    }
    for (std::size_t i = 0; i < Kept; ++i) where[i] = place_of_[Table.results[i]];
  }

private:
  static constexpr std::size_t forever = Table.node_count;
  std::size_t last_use_[Table.node_count + 1]{};
  std::uint16_t place_of_[Table.node_count + 1]{};
  bool is_released_[Table.node_count + 1]{};
  std::uint16_t free_[Table.node_count + 1]{};
  std::size_t free_count_ = 0;

  static constexpr std::uint64_t factors_of(std::size_t i) { return expr::contraction_of<Table>.factors[i]; }
  template <class F> static constexpr void for_each_operand(std::uint64_t of, F&& f) {
    const expr::node n = expr::unpacked(of);
    const int operands = expr::operand_count(n.op);
    if (operands > 0) f(n.a);
    if (operands > 1) f(n.b);
    if (operands > 2) f(n.c);
  }
  /// What step `i` reads: the factors of a product instead of it, and what a comparison compares.
  template <class F> static constexpr void for_each_read(std::size_t i, F&& f) {
    const expr::node n = Table[i];
    if (factors_of(i) != 0) for_each_operand(factors_of(i), f);
    for_each_operand(Table.code[i], [&](std::uint16_t operand) {
      if (!summed<Table, Kept>.of[operand].is_skipped) f(operand);
    });
    if (n.op == expr::operation::select) for_each_operand(Table.code[n.a], f);
  }
  constexpr void find_last_uses() {
    for (std::size_t i = 0; i < Table.node_count; ++i) {
      last_use_[i] = i;
      for_each_read(i, [&](std::uint16_t read) { last_use_[read] = i; });
    }
    for (std::size_t i = 0; i < Kept; ++i) last_use_[Table.results[i]] = forever;
  }
  constexpr void release(std::uint16_t node, std::size_t now) {
    if (Table[node].op == expr::operation::argument || last_use_[node] != now || is_released_[node]) return;
    is_released_[node] = true;
    free_[free_count_++] = place_of_[node];
  }
  constexpr std::uint16_t take(std::size_t node) {
    const auto fresh = static_cast<std::uint16_t>(static_cast<std::size_t>(Table.arguments) + places);
    place_of_[node] = free_count_ > 0 ? free_[--free_count_] : fresh;
    if (place_of_[node] == fresh) ++places;
    if (last_use_[node] == node) free_[free_count_++] = place_of_[node];
    return place_of_[node];
  }
  /// For an argument that is summed as it is.
  constexpr std::uint16_t take_for_a_moment() {
    if (free_count_ == 0)
      free_[free_count_++] = static_cast<std::uint16_t>(static_cast<std::size_t>(Table.arguments) + places++);
    return free_[free_count_ - 1];
  }
  constexpr std::uint64_t moved(std::uint64_t of) const {
    expr::node n = expr::unpacked(of);
    const int operands = expr::operand_count(n.op);
    if (operands > 0) n.a = place_of_[n.a];
    if (operands > 1) n.b = place_of_[n.b];
    if (operands > 2) n.c = place_of_[n.c];
    return expr::packed(n);
  }
};
template <auto Table, std::size_t Kept> inline constexpr long_steps<Table, Kept> steps_of{};

/// The arguments, and behind them the values.
template <std::size_t Arguments, class Lanes> struct long_values {
  const Lanes* arguments;
  Lanes* values;
  FUSEGRAD_INLINE constexpr const Lanes& operator[](std::size_t i) const noexcept {
    return i < Arguments ? arguments[i] : values[i - Arguments];
  }
};

template <std::size_t Count> struct run_of_steps {
  std::uint64_t code[Count]{}, looked_into[Count]{};
  double constant[Count]{};
  node_use use[Count]{};
  std::uint16_t place[Count]{};
};
template <auto Table, std::size_t Kept, std::size_t Count> constexpr run_of_steps<Count> steps_from(std::size_t first) {
  const auto& all = steps_of<Table, Kept>;
  run_of_steps<Count> run;
  for (std::size_t i = 0; i < Count; ++i) {
    run.code[i] = all.code[first + i], run.looked_into[i] = all.looked_into[first + i];
    run.constant[i] = all.constant[first + i];
    run.use[i] = all.use[first + i];
    run.place[i] = all.place[first + i];
  }
  return run;
}

template <auto Run, std::size_t Arguments, class Lanes, std::size_t... I>
[[gnu::noinline]] inline void take_steps(const Lanes* arguments, Lanes* values, Lanes* sums,
                                         std::index_sequence<I...>) noexcept {
  const long_values<Arguments, Lanes> v{arguments, values};
  (fill_one<Run.code[I], Run.looked_into[I], Run.use[I]>(
       arguments, v, values + (Run.place[I] < Arguments ? 0 : Run.place[I] - Arguments), sums, Run.constant[I]),
   ...);
}
template <auto Table, std::size_t Kept, std::size_t First, class Lanes>
FUSEGRAD_INLINE inline void take_steps_from(const Lanes* arguments, Lanes* values, Lanes* sums) noexcept {
  constexpr std::size_t left = steps_of<Table, Kept>.count - First, most = 128, now = left < most ? left : most;
  if constexpr (now > 0) {
    constexpr auto run = steps_from<Table, Kept, now>(First);
    take_steps<run, static_cast<std::size_t>(Table.arguments)>(arguments, values, sums,
                                                               std::make_index_sequence<now>{});
    take_steps_from<Table, Kept, First + now>(arguments, values, sums);
  }
}

} // namespace detail

/// The first `Kept` results of `Table` for a register of rows; the others are added to `sums`.
template <auto Table, std::size_t Kept, class Lanes>
FUSEGRAD_INLINE inline void evaluate_long(const Lanes* arguments, Lanes* kept, Lanes* sums) noexcept {
  constexpr auto inputs = static_cast<std::size_t>(Table.arguments);
  Lanes values[detail::steps_of<Table, Kept>.places + 1];
  detail::take_steps_from<Table, Kept, 0>(arguments, values, sums);
  const detail::long_values<inputs, Lanes> v{arguments, values};
  for (std::size_t i = 0; i < Kept; ++i) kept[i] = v[detail::steps_of<Table, Kept>.where[i]];
}

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
