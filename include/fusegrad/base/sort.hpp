// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <utility>
#include <vector>

namespace fusegrad::base {

/// Puts items in order, of which `before` says whether one stands before another; equal ones stay as they stood.
/// `<algorithm>` has that too, and much besides that every file would read.
template <class T, class Before> constexpr void sort(std::vector<T>& items, Before before) {
  const std::size_t count = items.size();
  std::vector<T> merged(count);
  for (std::size_t width = 1; width < count; width *= 2) {
    for (std::size_t begin = 0; begin < count; begin += 2 * width) {
      const std::size_t middle = begin + width < count ? begin + width : count,
                        end = middle + width < count ? middle + width : count;
      std::size_t left = begin, right = middle;
      for (std::size_t to = begin; to < end; ++to) {
        const bool takes_right = left == middle || (right < end && before(items[right], items[left]));
        merged[to] = std::move(items[takes_right ? right++ : left++]);
      }
    }
    items.swap(merged);
  }
}

} // namespace fusegrad::base
