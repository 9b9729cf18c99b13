// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/expr/evaluate.hpp>
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
  T items[lanes]{};

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
template <class Lanes, class T> [[gnu::always_inline]] constexpr Lanes load_first(const T* from, int count) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return i < count ? from[i] : T{}; });
  else
    return Lanes::load_first(from, count);
}

/// `count` numbers that stand `stride` apart; the other lanes are zero.
template <class Lanes, class T>
[[gnu::always_inline]] constexpr Lanes load_strided(const T* from, std::size_t stride, int count) noexcept {
  if constexpr (is_constant_lanes<Lanes>) {
    return Lanes::each([&](int i) { return i < count ? from[static_cast<std::size_t>(i) * stride] : T{}; });
  } else {
    Lanes out(T{0});
    if (count >= Lanes::lanes) {
      for (int i = 0; i < Lanes::lanes; ++i) out.native[i] = from[static_cast<std::size_t>(i) * stride];
    } else {
      for (int i = 0; i < count; ++i) out.native[i] = from[static_cast<std::size_t>(i) * stride];
    }
    return out;
  }
}

template <class Lanes, class T>
[[gnu::always_inline]] constexpr void store_first(const Lanes& lanes, T* to, int count) noexcept {
  if constexpr (is_constant_lanes<Lanes>) {
    for (int i = 0; i < count; ++i) to[i] = lanes[i];
  } else {
    lanes.store_first(to, count);
  }
}

/// The first `count` lanes of `a`, and `rest` in the others.
template <class Lanes>
[[gnu::always_inline]] constexpr Lanes keep_first(Lanes a, int count, typename Lanes::value_type rest = 0) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return i < count ? a[i] : rest; });
  else
    return select(Lanes::first_lanes_mask(count), a, Lanes(rest));
}

/// The sum of all lanes by halving, a fixed tree.
template <class Lanes> [[gnu::always_inline]] constexpr auto sum_of_lanes(Lanes a) noexcept {
  if constexpr (is_constant_lanes<Lanes>) {
    for (int half = Lanes::lanes / 2; half > 0; half /= 2)
      for (int i = 0; i < half; ++i) a.items[i] = a.items[i] + a.items[i + half];
    return a.items[0];
  } else {
    return sum(a);
  }
}

template <class Lanes> [[gnu::always_inline]] constexpr Lanes exp_of_lanes(Lanes a) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return math::exp(a[i]); });
  else
    return math::exp(a);
}
template <class Lanes> [[gnu::always_inline]] constexpr Lanes log_of_lanes(Lanes a) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return math::log(a[i]); });
  else
    return math::log(a);
}
/// The larger of each two lanes; NaN where either is.
template <class Lanes> [[gnu::always_inline]] constexpr Lanes max_of_lanes(Lanes a, Lanes b) noexcept {
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return math::max(a[i], b[i]); });
  else
    return math::max(a, b);
}

namespace detail {
template <auto Table, std::size_t First, class T, std::size_t... I>
[[gnu::always_inline]] constexpr void take_results(const T* v, T* results, std::index_sequence<I...>) {
  ((results[First + I] = v[Table.results[First + I]]), ...);
}
template <auto Table, std::size_t First, class T>
[[gnu::always_inline]] constexpr void take_results_from(const T* v, T* results) {
  constexpr std::size_t left = Table.result_count - First;
  constexpr std::size_t now = left < expr::detail::run_length ? left : expr::detail::run_length;
  take_results<Table, First>(v, results, std::make_index_sequence<now>{});
  if constexpr (now < left) take_results_from<Table, First + now>(v, results);
}
} // namespace detail

/// The results of `Table` for a register of rows.
template <auto Table, class Lanes>
[[gnu::always_inline]] constexpr void evaluate_lanes(const Lanes* arguments, Lanes* results) noexcept {
  if constexpr (is_constant_lanes<Lanes>) {
    using T = typename Lanes::value_type;
    constexpr auto inputs = static_cast<std::size_t>(Table.arguments);
    for (int lane = 0; lane < Lanes::lanes; ++lane) {
      T in[inputs + 1]{}, out[Table.result_count + 1]{};
      for (std::size_t i = 0; i < inputs; ++i) in[i] = arguments[i][lane];
      expr::evaluate<Table>(in, out);
      for (std::size_t i = 0; i < Table.result_count; ++i) results[i].items[lane] = out[i];
    }
  } else {
    Lanes v[Table.node_count + 1]; // not zero at first: each is written before it is read
    expr::detail::fill_from<Table, 0>(arguments, v);
    detail::take_results_from<Table, 0>(v, results);
  }
}

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
