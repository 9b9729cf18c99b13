// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/evaluate.hpp>
#include <fusegrad/function/fused_nodes.hpp>
#include <fusegrad/function/long_table.hpp>
#include <fusegrad/math/elementary.hpp>
#include <fusegrad/math/vector.hpp>
#include <type_traits>
#include <utility>

// A register of rows: `math::vector` at run time, and in constant expressions plain numbers that are added in the same
// order.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

/// What stands for a vector in a constant expression.
template <class T> struct constant_lanes {
  using value_type = T;
  static constexpr int lanes = math::native_lanes<T>;
  T items[static_cast<std::size_t>(lanes)]{};

  constexpr constant_lanes() = default;
  constexpr explicit constant_lanes(T value) {
    for (T& item : items) item = value;
  }
  template <class F> static constexpr constant_lanes each(F f) {
    constant_lanes out;
    for (int i = 0; i < lanes; ++i) out.items[i] = f(i);
    return out;
  }
  constexpr T operator[](int lane) const { return items[lane]; }
  friend constexpr constant_lanes operator+(constant_lanes a, constant_lanes b) {
    return each([&](int i) { return a.items[i] + b.items[i]; });
  }
  friend constexpr constant_lanes operator-(constant_lanes a, constant_lanes b) {
    return each([&](int i) { return a.items[i] - b.items[i]; });
  }
  friend constexpr constant_lanes operator*(constant_lanes a, constant_lanes b) {
    return each([&](int i) { return a.items[i] * b.items[i]; });
  }
  friend constexpr constant_lanes operator/(constant_lanes a, constant_lanes b) {
    return each([&](int i) { return a.items[i] / b.items[i]; });
  }
  constexpr constant_lanes& operator+=(constant_lanes b) { return *this = *this + b; }
};

template <class> inline constexpr bool is_constant_lanes = false;
template <class T> inline constexpr bool is_constant_lanes<constant_lanes<T>> = true;

/// The first `count` numbers; the other lanes are zero.
template <class Lanes, class T> FUSEGRAD_INLINE constexpr Lanes load_first(const T* from, int count) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return i < count ? from[i] : T{}; });
  else
    return Lanes::load_first(from, count);
}

/// `count` numbers that stand `stride` apart; the other lanes are zero.
template <class Lanes, class T>
FUSEGRAD_INLINE constexpr Lanes load_strided(const T* from, std::size_t stride, int count) noexcept {
  if constexpr (is_constant_lanes<Lanes>) {
    return Lanes::each([&](int i) { return i < count ? from[static_cast<std::size_t>(i) * stride] : T{}; });
  } else {
    Lanes out(T{0});
    for (int i = 0; i < count; ++i) out.native[i] = from[static_cast<std::size_t>(i) * stride];
    return out;
  }
}

template <class Lanes, class T>
FUSEGRAD_INLINE constexpr void store_first(const Lanes& lanes, T* to, int count) noexcept {
  if constexpr (is_constant_lanes<Lanes>) {
    for (int i = 0; i < count; ++i) to[i] = lanes[i];
  } else {
    lanes.store_first(to, count);
  }
}

/// The first `count` lanes of `a`, and `rest` in the others.
template <class Lanes>
FUSEGRAD_INLINE constexpr Lanes keep_first(Lanes a, int count, typename Lanes::value_type rest = 0) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return i < count ? a[i] : rest; });
  else
    return select(Lanes::first_lanes_mask(count), a, Lanes(rest));
}

/// Calls `f` with each number below `Count`: few are written out, so that what they name stays in registers.
template <std::size_t Count, class F> FUSEGRAD_INLINE constexpr void for_each_below(F f) noexcept {
  constexpr std::size_t most_written_out = 24;
  if constexpr (Count <= most_written_out)
    [&]<std::size_t... I>(std::index_sequence<I...>)
        FUSEGRAD_INLINE { (f(I), ...); }(std::make_index_sequence<Count>{});
  else
    for (std::size_t i = 0; i < Count; ++i) f(i);
}

/// The sum of all lanes by halving, a fixed tree.
template <class Lanes> FUSEGRAD_INLINE constexpr auto sum_of_lanes(Lanes a) noexcept {
  if constexpr (is_constant_lanes<Lanes>) {
    for (int half = Lanes::lanes / 2; half > 0; half /= 2)
      for (int i = 0; i < half; ++i) a.items[i] = a.items[i] + a.items[i + half];
    return a.items[0];
  } else {
    return sum(a);
  }
}

template <class Lanes> FUSEGRAD_INLINE constexpr Lanes exp_of_lanes(Lanes a) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return math::exp(a[i]); });
  else
    return math::exp(a);
}
template <class Lanes> FUSEGRAD_INLINE constexpr Lanes log_of_lanes(Lanes a) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return math::log(a[i]); });
  else
    return math::log(a);
}
/// The larger of each two lanes; NaN where either is.
template <class Lanes> FUSEGRAD_INLINE constexpr Lanes max_of_lanes(Lanes a, Lanes b) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return math::max(a[i], b[i]); });
  else
    return math::max(a, b);
}

namespace detail {
template <auto Table, std::size_t First, class T, std::size_t... I>
FUSEGRAD_INLINE constexpr void take_results([[maybe_unused]] const T* v, [[maybe_unused]] T* results,
                                            std::index_sequence<I...>) {
  ((results[First + I] = v[Table.results[First + I]]), ...);
}
template <auto Table, std::size_t First, class T>
FUSEGRAD_INLINE constexpr void take_results_from(const T* v, T* results) {
  constexpr std::size_t left = Table.result_count - First;
  constexpr std::size_t now = left < expr::detail::run_length ? left : expr::detail::run_length;
  take_results<Table, First>(v, results, std::make_index_sequence<now>{});
  if constexpr (now < left) take_results_from<Table, First + now>(v, results);
}
} // namespace detail

namespace detail {

/// Some nodes of a table in a row, each with its use: short, whatever the length of the table.
template <std::size_t Count> struct run_of_sums {
  expr::detail::run_of_nodes<Count> nodes;
  node_use use[Count]{};
};
template <auto Table, std::size_t Kept, std::size_t Count> constexpr run_of_sums<Count> sums_from(std::size_t first) {
  run_of_sums<Count> run{expr::detail::run_of_table<Table, expr::products::contracted, Count>(first)};
  for (std::size_t i = 0; i < Count; ++i) run.use[i] = summed<Table, Kept>.of[first + i];
  return run;
}

template <auto Run, class Lanes, std::size_t... I>
FUSEGRAD_INLINE inline void fill_sums(const Lanes* arguments, Lanes* v, Lanes* to, Lanes* sums,
                                      std::index_sequence<I...>) noexcept {
  (fill_one<Run.nodes.code[I], Run.nodes.looked_into[I], Run.use[I]>(arguments, v, to + I, sums, Run.nodes.constant[I]),
   ...);
}
template <auto Table, std::size_t Kept, std::size_t First, class Lanes>
FUSEGRAD_INLINE inline void fill_and_add(const Lanes* arguments, Lanes* v, Lanes* sums) noexcept {
  constexpr std::size_t left = Table.node_count - First;
  constexpr std::size_t now = left < expr::detail::run_length ? left : expr::detail::run_length;
  if constexpr (now > 0) {
    constexpr auto run = sums_from<Table, Kept, now>(First);
    fill_sums<run>(arguments, v, v + First, sums, std::make_index_sequence<now>{});
  }
  if constexpr (now < left) fill_and_add<Table, Kept, First + now>(arguments, v, sums);
}
/// The same for two registers of rows side by side, so that neither waits for itself.
template <auto Run, class Lanes, std::size_t... I>
FUSEGRAD_INLINE inline void fill_sums_of_two(const Lanes* const (&arguments)[2], Lanes* const (&v)[2],
                                             std::size_t first, Lanes* sums, std::index_sequence<I...>) noexcept {
  const auto one = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) FUSEGRAD_INLINE {
    for (std::size_t i = 0; i < 2; ++i)
      fill_one<Run.nodes.code[K], Run.nodes.looked_into[K], Run.use[K]>(arguments[i], v[i], v[i] + first + K, sums,
                                                                        Run.nodes.constant[K]);
  };
  (one(std::integral_constant<std::size_t, I>{}), ...);
}
template <auto Table, std::size_t Kept, std::size_t First, class Lanes>
FUSEGRAD_INLINE inline void fill_and_add_two(const Lanes* const (&arguments)[2], Lanes* const (&v)[2],
                                             Lanes* sums) noexcept {
  constexpr std::size_t left = Table.node_count - First;
  constexpr std::size_t now = left < expr::detail::run_length ? left : expr::detail::run_length;
  if constexpr (now > 0)
    fill_sums_of_two<sums_from<Table, Kept, now>(First)>(arguments, v, First, sums, std::make_index_sequence<now>{});
  if constexpr (now < left) fill_and_add_two<Table, Kept, First + now>(arguments, v, sums);
}
/// Whether rows of a register wait for themselves: the longest chain takes longer than all operations together, and is
/// too long for a processor to begin with the next rows meanwhile.
template <auto Table> constexpr bool is_one_chain() {
  constexpr std::size_t looked_ahead = 192, latency = 4;
  if (Table.node_count < looked_ahead || Table.node_count > expr::detail::longest_at_once) return false;
  std::size_t longest = 0, depth[Table.node_count + 1]{};
  for (std::size_t i = 0; i < Table.node_count; ++i) {
    const expr::node n = Table[i];
    const int operands = expr::operand_count(n.op);
    if (operands == 0) continue;
    for (int k = 0; k < operands; ++k) {
      const std::size_t before = depth[k == 0 ? n.a : k == 1 ? n.b : n.c] + 1;
      if (before > depth[i]) depth[i] = before;
    }
    if (depth[i] > longest) longest = depth[i];
  }
  return latency * longest > Table.node_count;
}

template <auto Table, std::size_t Kept, class T, std::size_t... I>
FUSEGRAD_INLINE constexpr void take_kept([[maybe_unused]] const T* v, [[maybe_unused]] T* results,
                                         std::index_sequence<I...>) {
  ((results[I] = v[Table.results[I]]), ...);
}

} // namespace detail

/// The results of `Table` for a register of rows: the bits of a call for each row, or, where they go into a sum
/// anyway, with products and sums in one instruction.
template <auto Table, bool IsContracted = false, class Lanes>
FUSEGRAD_INLINE constexpr void evaluate_lanes(const Lanes* arguments, Lanes* results) noexcept {
  if constexpr (is_constant_lanes<Lanes>) {
    using T = typename Lanes::value_type;
    constexpr auto inputs = static_cast<std::size_t>(Table.arguments);
    for (int lane = 0; lane < Lanes::lanes; ++lane) {
      T in[inputs + 1]{}, out[Table.result_count + 1]{};
      for (std::size_t i = 0; i < inputs; ++i) in[i] = arguments[i][lane];
      expr::evaluate<Table>(in, out);
      for (std::size_t i = 0; i < Table.result_count; ++i) results[i].items[lane] = out[i];
    }
  } else if constexpr (IsContracted && Table.node_count > expr::detail::longest_at_once) {
    evaluate_long<Table, Table.result_count>(arguments, results, results);
  } else {
    Lanes v[Table.node_count + 1]; // not zero at first: each is written before it is read
    if constexpr (IsContracted)
      detail::fill_and_add<Table, Table.result_count, 0>(arguments, v, v);
    else
      expr::detail::fill_from<Table, 0, expr::products::rounded>(arguments, v);
    detail::take_results_from<Table, 0>(v, results);
  }
}

/// The first `Kept` results of `Table` for a register of rows; the others are added to `sums` as soon as they are
/// known, so that few wait in registers.
template <auto Table, std::size_t Kept, class Lanes>
FUSEGRAD_INLINE constexpr void add_lanes(const Lanes* arguments, Lanes* kept, Lanes* sums) noexcept {
  if constexpr (is_constant_lanes<Lanes>) {
    Lanes results[Table.result_count + 1];
    evaluate_lanes<Table>(arguments, results);
    for (std::size_t i = 0; i < Kept; ++i) kept[i] = results[i];
    for (std::size_t i = Kept; i < Table.result_count; ++i) sums[i - Kept] += results[i];
  } else if constexpr (Table.node_count > expr::detail::longest_at_once) {
    evaluate_long<Table, Kept>(arguments, kept, sums);
  } else {
    Lanes v[Table.node_count + 1];
    detail::fill_and_add<Table, Kept, 0>(arguments, v, sums);
    detail::take_kept<Table, Kept>(v, kept, std::make_index_sequence<Kept>{});
  }
}

template <auto Table> inline constexpr bool is_one_chain = detail::is_one_chain<Table>();

/// The same for two registers of rows, of which nothing is kept: the sums are those of the first, then of the second.
template <auto Table, class Lanes>
FUSEGRAD_INLINE inline void add_lanes_of_two(const Lanes* first, const Lanes* second, Lanes* sums) noexcept {
  Lanes v[Table.node_count + 1], w[Table.node_count + 1];
  detail::fill_and_add_two<Table, 0, 0>({first, second}, {v, w}, sums);
}

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
