// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// How the gradients of slices are added: neighbours first, then the sums of neighbours. Which numbers are added to
/// which depends on the number of slices alone. Who adds them does not: each group of threads has consecutive slices,
/// and adds those of its own while they are in its cache, as soon as both are there; the rest is added when all are.
class slice_tree {
public:
  constexpr slice_tree(std::size_t slices, std::size_t threads) noexcept
      : count_{slices}, groups_{slices < threads ? slices : threads} {}

  [[nodiscard]] constexpr std::size_t groups() const noexcept { return groups_; }
  /// The first slice of a group; behind the last group, the number of slices. Cut like a whole power of two, so that
  /// each group has a whole branch of the tree where threads are such a number, too.
  [[nodiscard]] constexpr std::size_t first_of(std::size_t group) const noexcept {
    const std::size_t first = std::bit_ceil(count_) * group / groups_;
    return group == groups_ || first > count_ ? count_ : first;
  }

  /// Which of as many gradients as there are slices holds that of a slice, and then the sum that begins with it. Each
  /// group uses the first of its own again and again, as a stack: few stay in its cache.
  [[nodiscard, gnu::noinline]] constexpr std::size_t place_of(std::size_t slice, std::size_t group) const noexcept {
    std::size_t sums = 0; // that are there when the slice is begun
    for (std::size_t begin = first_of(group), step = 0; begin < slice; begin += step, ++sums) {
      step = begin == 0 ? std::bit_floor(slice) : begin & (~begin + 1);
      while (step > slice - begin) step /= 2;
    }
    return first_of(group) + sums;
  }
  [[nodiscard, gnu::noinline]] constexpr std::size_t place_of(std::size_t slice) const noexcept {
    std::size_t group = 0;
    while (slice >= first_of(group + 1)) ++group;
    return place_of(slice, group);
  }

  /// Calls `add(to, from)` for all sums of a group that can be made when its slices up to `slice` are there, and could
  /// not before.
  template <class Add> constexpr void each_sum_after(std::size_t slice, std::size_t group, Add add) const {
    for (std::size_t step = 1; step < count_; step *= 2) {
      const std::size_t to = slice / (2 * step) * (2 * step), from = to + step;
      if (to < first_of(group) || slice + 1 < end_of(to, step)) return;
      if (from < count_) add(to, from);
    }
  }
  /// Whether the first of these adds a slice to the one before it.
  [[nodiscard]] constexpr bool is_added_to_neighbour(std::size_t slice, std::size_t group) const noexcept {
    return slice % 2 == 1 && slice > first_of(group);
  }
  /// Calls `add(to, from)` for all sums of slices of different groups, in order.
  template <class Add> constexpr void each_sum_of_groups(Add add) const {
    for (std::size_t step = 1; step < count_; step *= 2)
      for (std::size_t to = 0; to + step < count_; to += 2 * step)
        if (!is_within_group(to, end_of(to, step))) add(to, to + step);
  }
  /// The one of those that is the last, if there is any: the sum of all.
  [[nodiscard]] constexpr bool is_last_sum(std::size_t to, std::size_t from) const noexcept {
    return to == 0 && from == std::bit_ceil(count_) / 2;
  }

private:
  [[nodiscard]] constexpr std::size_t end_of(std::size_t to, std::size_t step) const noexcept {
    return to + 2 * step < count_ ? to + 2 * step : count_;
  }
  [[nodiscard, gnu::noinline]] constexpr bool is_within_group(std::size_t begin, std::size_t end) const noexcept {
    for (std::size_t group = 0; group < groups_; ++group)
      if (begin >= first_of(group) && end <= first_of(group + 1)) return true;
    return false;
  }

  std::size_t count_, groups_;
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
