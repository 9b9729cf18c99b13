// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/function/row_pass.hpp>
#include <limits>

namespace fusegrad::functions::inline FUSEGRAD_ABI {

/// `exp(largest) * sum`, where the sum is that of exponentials relative to the largest.
template <class T> struct scaled_sum {
  T largest = -std::numeric_limits<T>::infinity();
  T sum = 0;

  static constexpr bool is_finite(T x) noexcept {
    return -std::numeric_limits<T>::max() <= x && x <= std::numeric_limits<T>::max();
  }
  /// What exponentials are relative to: an infinite largest would make them NaN.
  [[nodiscard]] constexpr T reference() const noexcept { return is_finite(largest) ? largest : T{0}; }
  [[nodiscard]] constexpr T logarithm() const noexcept {
    if (sum == 0) return -std::numeric_limits<T>::infinity();
    if (sum == std::numeric_limits<T>::infinity()) return sum;
    return reference() + math::log(sum);
  }
  /// By what a sum relative to this reference is multiplied, to be relative to another.
  [[nodiscard]] constexpr T factor_to(T other_reference) const noexcept {
    return sum == 0 ? T{0} : math::exp(reference() - other_reference);
  }
};

/// The register's `x`, and 0 where it is infinite or NaN.
template <class Lanes> FUSEGRAD_INLINE constexpr Lanes finite_or_zero(Lanes x) noexcept {
  using T = typename Lanes::value_type;
  [[maybe_unused]] constexpr T largest = std::numeric_limits<T>::max();
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return scaled_sum<T>::is_finite(x[i]) ? x[i] : 0; });
  else
    return select((Lanes(-largest) <= x) & (x <= Lanes(largest)), x, Lanes(0));
}
/// exp(x), and 0 where `largest` is minus infinity.
template <class Lanes> FUSEGRAD_INLINE constexpr Lanes exp_or_zero(Lanes largest, Lanes x) noexcept {
  constexpr auto none = -std::numeric_limits<typename Lanes::value_type>::infinity();
  if constexpr (is_constant_lanes<Lanes>)
    return Lanes::each([&](int i) { return largest[i] == none ? 0 : math::exp(x[i]); });
  else
    return select(largest == Lanes(none), Lanes(0), math::exp(x));
}

/// The pass over rows of a log-sum-exp. A state is the largest, the sum, and the weighted sums of derivatives.
template <class Value, class Slope, class Lanes, class Rows> struct log_sum_exp_pass {
  using T = typename Lanes::value_type;
  static constexpr std::size_t state_size = 2 + Slope::sums;
  static constexpr auto lanes = static_cast<std::size_t>(Lanes::lanes);
  static constexpr bool is_differentiated = Slope::body.result_count > 0;

  const Rows& rows;
  const row_cut& cut;
  const T* value_uniform;
  const T* slope_uniform;
  T* states;     ///< one for each part, and one more
  T* references; ///< where derivatives by rows are wanted: what those of a block are relative to, lane by lane

  constexpr void sum(execution::team team) const noexcept {
    if (cut.parts == 0) states[0] = -std::numeric_limits<T>::infinity(), states[1] = 0;
    if (cut.parts == 0)
      for (std::size_t i = 0; i < Slope::sums; ++i) states[2 + i] = 0;
    team.run([&](const execution::member& me) {
      const auto mine = me.share(cut.parts);
      for (std::size_t part = mine.begin; part < mine.end; ++part) sum_part(part);
    });
    for (std::size_t apart = 1; apart < cut.parts; apart *= 2)
      for (std::size_t i = 0; i + apart < cut.parts; i += 2 * apart)
        add(states + i * state_size, states + (i + apart) * state_size);
  }

  /// The derivatives by the rows, which are relative to the largest of their block so far, become those of the value.
  constexpr void finish_rows(execution::team team, const scaled_sum<T>& total, row_output<T> how) const noexcept {
    const Lanes reference(total.reference()), weight(total.sum == 0 ? T{0} : how.scale / total.sum);
    team.run([&](const execution::member& me) {
      const auto mine = me.share(cut.parts);
      for (std::size_t first = mine.begin * cut.part; first < mine.end * cut.part && first < cut.rows;
           first += cut.block) {
        const Lanes factor =
            exp_of_lanes(load_first<Lanes>(references + first / cut.block * lanes, Lanes::lanes) - reference) * weight;
        const std::size_t end = first + cut.block < cut.rows ? first + cut.block : cut.rows;
        for (std::size_t row = first; row < end; row += lanes) scale_rows(row, end - row, factor);
      }
    });
  }

private:
  struct running {
    Lanes largest = Lanes(-std::numeric_limits<T>::infinity());
    Lanes reference = Lanes(0);
    Lanes sum = Lanes(0);
    Lanes slopes[Slope::sums + 1];
  };

  constexpr void scale_rows(std::size_t row, std::size_t left, Lanes factor) const noexcept {
    const int count = static_cast<int>(left < lanes ? left : lanes);
    rows.for_each([&](const auto& item, std::size_t) FUSEGRAD_INLINE {
      using item_type = std::remove_cvref_t<decltype(item)>;
      if constexpr (item_type::is_wanted && item_type::width == 1) {
        store_first(load_first<Lanes>(item.gradient + row, count) * factor, item.gradient + row, count);
      } else if constexpr (item_type::is_wanted) {
        for (int lane = 0; lane < count; ++lane)
          for (std::size_t i = 0; i < item_type::width; ++i)
            item.gradient_at(row + static_cast<std::size_t>(lane), i) *= factor[lane];
      }
    });
  }

  constexpr void sum_part(std::size_t part) const noexcept {
    running now;
    for (std::size_t i = 0; i < Slope::sums; ++i) now.slopes[i] = Lanes(0);
    const std::size_t end = cut.end_of(part);
    for (std::size_t first = part * cut.part; first < end; first += cut.block)
      sum_block(first, first + cut.block < end ? first + cut.block : end, now);
    finish_part(now, states + part * state_size);
  }

  [[gnu::noinline]] constexpr void sum_block(std::size_t first, std::size_t end, running& now) const noexcept {
    constexpr T none = -std::numeric_limits<T>::infinity();
    Lanes arguments[Value::varying + Value::uniform], values[vectors_in_block];
    arguments[Rows::width] = Lanes(0);
    for (std::size_t i = 0; i < Value::uniform; ++i) arguments[Value::varying + i] = Lanes(value_uniform[i]);
    Lanes largest = now.largest;
    std::size_t k = 0;
    for (std::size_t row = first; row < end; row += lanes, ++k) {
      const int count = static_cast<int>(end - row < lanes ? end - row : lanes);
      rows.load(arguments, row, count);
      evaluate_lanes<Value::body, true>(arguments, values + k);
      if (count < Lanes::lanes) values[k] = keep_first(values[k], count, none);
      largest = max_of_lanes(largest, values[k]);
    }
    const Lanes reference = finite_or_zero(largest);
    const Lanes factor = exp_or_zero(now.largest, now.reference - reference);
    Lanes sum = Lanes(0);
    for (std::size_t i = 0; i < k; ++i) sum += values[i] = exp_of_lanes(values[i] - reference);
    now.sum = now.sum * factor + sum;
    now.largest = largest;
    now.reference = reference;
    if constexpr (is_differentiated) {
      if constexpr (Slope::kept > 0) store_first(reference, references + first / cut.block * lanes, Lanes::lanes);
      for (std::size_t i = 0; i < Slope::sums; ++i) now.slopes[i] = now.slopes[i] * factor;
      slope_block(first, end, values, now.slopes);
    }
  }

  FUSEGRAD_INLINE constexpr void slope_block(std::size_t first, std::size_t end, const Lanes* weights,
                                             Lanes* total) const noexcept {
    Lanes arguments[Slope::varying + Slope::uniform], results[Slope::kept + 1], sums[Slope::sums + 1];
    for (std::size_t i = 0; i < Slope::uniform; ++i) arguments[Slope::varying + i] = Lanes(slope_uniform[i]);
    for (std::size_t i = 0; i < Slope::sums; ++i) sums[i] = Lanes(0);
    for (std::size_t row = first, k = 0; row < end; row += lanes, ++k) {
      const int count = static_cast<int>(end - row < lanes ? end - row : lanes);
      rows.load(arguments, row, count);
      arguments[Rows::width] = weights[k];
      if (count < Lanes::lanes) set_aside<Slope::sums>(sums, total);
      add_lanes<Slope::body, Slope::kept>(arguments, results, sums);
      if constexpr (Slope::kept > 0) store_gradients(rows, results, row, count, row_output<T>{});
      if (count < Lanes::lanes)
        for (std::size_t i = 0; i < Slope::sums; ++i) sums[i] = keep_first(sums[i], count);
    }
    for (std::size_t i = 0; i < Slope::sums; ++i) total[i] += sums[i];
  }

  constexpr void finish_part(const running& now, T* state) const noexcept {
    scaled_sum<T> all;
    for (int lane = 0; lane < Lanes::lanes; ++lane) all.largest = math::max(all.largest, now.largest[lane]);
    const Lanes factor = exp_or_zero(now.largest, now.reference - Lanes(all.reference()));
    state[0] = all.largest;
    state[1] = sum_of_lanes(now.sum * factor);
    for (std::size_t i = 0; i < Slope::sums; ++i) state[2 + i] = sum_of_lanes(now.slopes[i] * factor);
  }

  static constexpr void add(T* to, const T* other) noexcept {
    const scaled_sum<T> a{to[0], to[1]}, b{other[0], other[1]};
    const scaled_sum<T> both{math::max(a.largest, b.largest), 0};
    const T first = a.factor_to(both.reference()), second = b.factor_to(both.reference());
    to[0] = both.largest;
    for (std::size_t i = 1; i < state_size; ++i) to[i] = to[i] * first + other[i] * second;
  }
};

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
