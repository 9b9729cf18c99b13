// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/function/extreme_over.hpp>
#include <fusegrad/function/log_sum_exp_over.hpp>
#include <fusegrad/function/row_pass.hpp>
#include <fusegrad/function/scratch.hpp>
#include <fusegrad/function/sum_over.hpp>
#include <limits>

// A function of each row and each of some other rows, reduced over the others and summed over the rows: mixtures,
// nearest centres, forces between all pairs.
namespace fusegrad::functions::inline FUSEGRAD_ABI {

namespace detail {
/// The numbers of the other rows are kept in registers of T beside the values.
template <class T> void require_countable(std::size_t others) {
  if (others >= (std::size_t{1} << std::numeric_limits<T>::digits))
    throw std::invalid_argument("fusegrad: sum_over of a reduction: " + std::to_string(others) +
                                " other rows cannot be told apart in this type of number");
}
} // namespace detail

/// Bytes that the values of one block of rows may take.
inline constexpr std::size_t bytes_of_block = 256 * 1024;
/// Numbers of all parts' sums together: fewer parts where gradients are large.
inline constexpr std::size_t numbers_of_parts = 4 * 1024 * 1024;

template <class Call, class Inner, class Rows, class Others> struct pair_sum {
  using T = typename Rows::value_type;
  using Lanes = math::vector<T>;
  static constexpr auto lanes = static_cast<std::size_t>(Lanes::lanes);
  static constexpr bool selects = !std::is_same_v<Inner, log_sum_exp> && !std::is_same_v<Inner, summation>;
  using value = typename Call::template program<row_request{.values = true, .kept_values = true}>;
  using slope = typename Call::template program<row_request{.differentiated = true, .seeded = true}>;
  static constexpr bool is_differentiated = Call::wanted != 0;
  static constexpr std::size_t slopes_of_one = slope::sums;
  static constexpr std::size_t uniform_of_one = value::uniform + slope::uniform;

  const Rows& rows;
  const Others& others;
  row_output<T> how;
  std::size_t vectors; ///< registers of rows in a block
  row_cut cut;
  std::size_t part_size;
  T* uniform; ///< for each of the others: what values need, then what derivatives need
  T* parts;   ///< for each part: its sum, then for each of the others what derivatives are made of
  T* blocks;  ///< for each thread: the values of a block
  std::size_t block_size;

  static std::size_t vectors_for(std::size_t count) noexcept {
    if (selects || std::is_same_v<Inner, summation>) return vectors_in_block;
    const std::size_t fitting = bytes_of_block / (sizeof(Lanes) * (count + 1));
    return fitting < 4 ? 4 : fitting < vectors_in_block ? fitting : vectors_in_block;
  }
  static std::size_t parts_for(std::size_t size) noexcept {
    const std::size_t fitting = numbers_of_parts / size;
    return fitting < 1 ? 1 : fitting < most_parts ? fitting : most_parts;
  }

  static void run(const Rows& rows, const Others& others, T* numbers, T* results, execution::team team,
                  row_output<T> how) {
    const std::size_t count = others.length, vectors = vectors_for(count), size = 1 + count * slopes_of_one;
    const row_cut cut(rows.length, vectors * lanes, parts_for(size));
    const double operations = static_cast<double>(rows.length) * static_cast<double>(count) *
                              static_cast<double>(value::body.node_count + slope::body.node_count);
    const execution::team sized = team.sized_for(operations);
    const std::size_t block_size = (selects ? 0 : count * vectors * lanes) + vectors * lanes * (Rows::width + 1);
    const std::size_t parts = cut.parts == 0 ? 1 : cut.parts;
    const auto threads = static_cast<std::size_t>(sized.size());
    const scratch<T> memory(threads * block_size + parts * size + count * uniform_of_one + 1);
    T* const sums = memory.data() + threads * block_size;
    const pair_sum all{rows, others, how, vectors, cut, size, sums + parts * size, sums, memory.data(), block_size};
    all.run_all(numbers, results, sized);
  }

private:
  void run_all(T* numbers, T* results, execution::team team) const noexcept {
    for (std::size_t k = 0; k < others.length; ++k) {
      others.read(numbers + Rows::width, k);
      value::begin(numbers, uniform + k * uniform_of_one);
      slope::begin(numbers, uniform + k * uniform_of_one + value::uniform);
    }
    if (cut.parts == 0)
      for (std::size_t i = 0; i < part_size; ++i) parts[i] = 0;
    team.run([&](const execution::member& me) {
      const auto mine = me.share(cut.parts);
      T* const block = blocks + static_cast<std::size_t>(me.rank) * block_size;
      for (std::size_t part = mine.begin; part < mine.end; ++part) {
        T* const to = parts + part * part_size;
        for (std::size_t i = 0; i < part_size; ++i) to[i] = 0;
        for (std::size_t row = part * cut.part; row < cut.end_of(part); row += cut.block)
          run_block(row, row + cut.block < cut.end_of(part) ? row + cut.block : cut.end_of(part), block, to);
      }
    });
    add_parts(parts, cut.parts, part_size);
    results[0] = parts[0];
    if constexpr (is_differentiated)
      for (std::size_t k = 0; k < others.length; ++k) finish_one(k, results + 1);
  }

  void finish_one(std::size_t k, T* shared) const noexcept {
    T sums_and_uniform[slope::sums + slope::uniform + 1]{}, found[slope::results + 1]{};
    for (std::size_t i = 0; i < slope::sums; ++i) sums_and_uniform[i] = parts[1 + k * slopes_of_one + i];
    for (std::size_t i = 0; i < slope::uniform; ++i)
      sums_and_uniform[slope::sums + i] = uniform[k * uniform_of_one + value::uniform + i];
    slope::end(sums_and_uniform, found);
    const T* next = found;
    const T* second = found + slope::results / 2;
    others.for_each([&](const auto& item, std::size_t) {
      using item_type = std::remove_cvref_t<decltype(item)>;
      if constexpr (item_type::is_wanted) {
        for (std::size_t i = 0; i < item_type::width; ++i) {
          T& to = item.gradient_at(k, i);
          to = (how.accumulate ? to : T{0}) + next[i] * how.scale;
          if (Call::has_second && item.second != nullptr) item.second[k * item_type::width + i] = second[i];
        }
        next += item_type::width;
        second += item_type::width;
      }
    });
    for (std::size_t i = 0; i < Call::gradient_count; ++i) shared[i] += next[i];
  }

  /// One block: its rows are read once, then gone through for each of the others.
  void run_block(std::size_t first, std::size_t end, T* block, T* to) const noexcept {
    const std::size_t used = (end - first + lanes - 1) / lanes;
    auto *const numbers = block, *const best = numbers + vectors * lanes * Rows::width,
                *const values = best + vectors * lanes;
    for (std::size_t j = 0; j < used; ++j) {
      Lanes read[Rows::width];
      rows.load(read, first + j * lanes, count_at(first, end, j));
      for (std::size_t i = 0; i < Rows::width; ++i) read[i].store(numbers + (j * Rows::width + i) * lanes);
    }
    if constexpr (selects)
      select_block(first, end, used, numbers, best, to);
    else
      weigh_block(first, end, used, numbers, values, to);
  }

  static int count_at(std::size_t first, std::size_t end, std::size_t j) noexcept {
    const std::size_t left = end - first - j * lanes;
    return static_cast<int>(left < lanes ? left : lanes);
  }

  FUSEGRAD_INLINE static void load_row(const T* numbers, std::size_t j, Lanes* to) noexcept {
    for (std::size_t i = 0; i < Rows::width; ++i) to[i] = Lanes::load(numbers + (j * Rows::width + i) * lanes);
  }

  /// The values of all rows of the block with one of the others.
  [[gnu::noinline]] static void values_of_one(std::size_t used, const T* numbers, const T* uniform, T* to) noexcept {
    Lanes arguments[value::varying + value::uniform], result[1];
    arguments[Rows::width] = Lanes(0);
    for (std::size_t i = 0; i < value::uniform; ++i) arguments[value::varying + i] = Lanes(uniform[i]);
    for (std::size_t j = 0; j < used; ++j) {
      load_row(numbers, j, arguments);
      evaluate_lanes<value::body, true>(arguments, result);
      result[0].store(to + j * lanes);
    }
  }

  /// Values first, for all the others; then derivatives, weighted by how much each of the others counts.
  void weigh_block(std::size_t first, std::size_t end, std::size_t used, const T* numbers, T* values,
                   T* to) const noexcept {
    const std::size_t count = others.length, stride = vectors * lanes;
    for (std::size_t k = 0; k < count; ++k)
      values_of_one(used, numbers, uniform + k * uniform_of_one, values + k * stride);
    Lanes total(T{0});
    for (std::size_t j = 0; j < used; ++j)
      total += keep_first(reduce(values + j * lanes, count, stride, count_at(first, end, j)), count_at(first, end, j));
    to[0] += sum_of_lanes(total);
    if constexpr (is_differentiated)
      for (std::size_t k = 0; k < count; ++k)
        slopes_of_block(first, end, used, numbers, uniform + k * uniform_of_one + value::uniform, values + k * stride,
                        to + 1 + k * slopes_of_one, k == 0);
  }

  /// The reduction of one register of rows; its values become the weights of derivatives, 0 where there is no row.
  static Lanes reduce(T* values, std::size_t count, std::size_t stride, int valid) noexcept {
    if constexpr (std::is_same_v<Inner, summation>) {
      Lanes sum(T{0});
      for (std::size_t k = 0; k < count; ++k) {
        sum += Lanes::load(values + k * stride);
        keep_first(Lanes(T{1}), valid).store(values + k * stride);
      }
      return sum;
    } else {
      Lanes largest(-std::numeric_limits<T>::infinity()), sum(T{0});
      for (std::size_t k = 0; k < count; ++k) largest = max_of_lanes(largest, Lanes::load(values + k * stride));
      const Lanes reference = finite_or_zero(largest);
      for (std::size_t k = 0; k < count; ++k) {
        const Lanes weight = exp_of_lanes(Lanes::load(values + k * stride) - reference);
        weight.store(values + k * stride);
        sum += weight;
      }
      if constexpr (is_differentiated) {
        const Lanes factor = keep_first(select(sum == Lanes(T{0}), Lanes(T{0}), Lanes(T{1}) / sum), valid);
        for (std::size_t k = 0; k < count; ++k) (Lanes::load(values + k * stride) * factor).store(values + k * stride);
      }
      return reference + math::log(sum);
    }
  }

  [[gnu::noinline]] void slopes_of_block(std::size_t first, std::size_t end, std::size_t used, const T* numbers,
                                         const T* of_one, const T* weights, T* to, bool is_first) const noexcept {
    Lanes arguments[slope::varying + slope::uniform], found[slope::kept + 1], sums[slope::sums + 1],
        total[slope::sums + 1];
    for (std::size_t i = 0; i < slope::uniform; ++i) arguments[slope::varying + i] = Lanes(of_one[i]);
    for (std::size_t i = 0; i < slope::sums; ++i) sums[i] = total[i] = Lanes(T{0});
    for (std::size_t j = 0; j < used; ++j) {
      load_row(numbers, j, arguments);
      arguments[Rows::width] = Lanes::load(weights + j * lanes);
      const int count = count_at(first, end, j);
      if (count < Lanes::lanes) set_aside<slope::sums>(sums, total);
      add_lanes<slope::body, slope::kept>(arguments, found, sums);
      if constexpr (slope::kept > 0)
        store_gradients(rows, found, first + j * lanes, count, {how.scale, how.accumulate || !is_first});
      // A row that is not there has weight 0, but what is multiplied by it may be infinite.
      if (count < Lanes::lanes)
        for (std::size_t i = 0; i < slope::sums; ++i) sums[i] = keep_first(sums[i], count);
    }
    for (std::size_t i = 0; i < slope::sums; ++i) to[i] += sum_of_lanes(total[i] + sums[i]);
  }

  /// The best of the others for each row; its derivatives alone count.
  void select_block(std::size_t first, std::size_t end, std::size_t used, const T* numbers, T* best,
                    T* to) const noexcept {
    Lanes total(T{0});
    for (std::size_t j = 0; j < used; ++j) {
      Lanes number(T{0});
      const int count = count_at(first, end, j);
      total += keep_first(best_of_row(numbers, j, number), count);
      number.store(best + j * lanes);
    }
    to[0] += sum_of_lanes(total);
    if constexpr (is_differentiated) {
      if (others.length == 0) return;
      for (std::size_t j = 0; j < used; ++j)
        slopes_of_best(first + j * lanes, count_at(first, end, j), numbers, j, best + j * lanes, to + 1);
    }
  }

  [[gnu::noinline]] Lanes best_of_row(const T* numbers, std::size_t j, Lanes& number) const noexcept {
    Lanes arguments[value::varying + value::uniform], result[1], best(-std::numeric_limits<T>::infinity());
    load_row(numbers, j, arguments);
    arguments[Rows::width] = Lanes(T{0});
    for (std::size_t k = 0; k < others.length; ++k) {
      for (std::size_t i = 0; i < value::uniform; ++i)
        arguments[value::varying + i] = Lanes(uniform[k * uniform_of_one + i]);
      evaluate_lanes<value::body, true>(arguments, result);
      const Lanes candidate = Inner::directed(result[0]);
      // NaN counts as better than any number, and the first one stays.
      const auto better = (candidate > best) | ((candidate != candidate) & (best == best));
      best = select(better, candidate, best);
      number = select(better, Lanes(static_cast<T>(k)), number);
    }
    return Inner::directed(best);
  }

  [[gnu::noinline]] void slopes_of_best(std::size_t row, int count, const T* numbers, std::size_t j, const T* best,
                                        T* to) const noexcept {
    Lanes arguments[slope::varying + slope::uniform], found[slope::body.result_count + 1];
    load_row(numbers, j, arguments);
    arguments[Rows::width] = Lanes(T{1});
    const T* of[lanes];
    for (std::size_t lane = 0; lane < lanes; ++lane)
      of[lane] = uniform + static_cast<std::size_t>(best[lane]) * uniform_of_one + value::uniform;
    for (std::size_t i = 0; i < slope::uniform; ++i) {
      Lanes gathered(T{0});
      for (std::size_t lane = 0; lane < lanes; ++lane) gathered.native[lane] = of[lane][i];
      arguments[slope::varying + i] = gathered;
    }
    evaluate_lanes<slope::body, true>(arguments, found);
    if constexpr (slope::kept > 0) store_gradients(rows, found, row, count, how);
    for (std::size_t i = 0; i < slope::sums; ++i) {
      for (int lane = 0; lane < count; ++lane)
        to[static_cast<std::size_t>(best[lane]) * slopes_of_one + i] += found[slope::kept + i][lane];
    }
  }
};

} // namespace fusegrad::functions::inline FUSEGRAD_ABI
