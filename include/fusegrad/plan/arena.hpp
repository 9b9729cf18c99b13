// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// How memory that was released is taken again.
enum class reuse : std::uint8_t {
  any,   ///< in parts, and joined with what lies beside it
  whole, ///< for the same size only
};

/// Places values that live for a while into one stretch of memory: first fit over the gaps, lowest first.
class arena {
public:
  constexpr explicit arena(reuse how = reuse::any) : how_{how} {}

  /// The start of `size` free elements; they stay taken until released. What has a `tag` gets what was released with
  /// the same tag only, and nobody else does.
  constexpr std::size_t take(std::size_t size, std::size_t tag = 0) {
    for (std::size_t i = 0; i < gaps_.size(); ++i) {
      gap& g = gaps_[i];
      const bool is_whole = how_ == reuse::whole || tag != 0;
      if (g.tag != tag || g.size < size || (is_whole && g.size != size)) continue;
      const std::size_t start = g.start;
      g.start += size;
      g.size -= size;
      if (g.size == 0) remove(i);
      return start;
    }
    // A gap at the very end grows instead of being skipped.
    if (how_ == reuse::any && tag == 0 && !gaps_.empty() && gaps_.back().tag == 0 &&
        gaps_.back().start + gaps_.back().size == size_) {
      const std::size_t start = gaps_.back().start;
      gaps_.pop_back();
      size_ = start + size;
      return start;
    }
    const std::size_t start = size_;
    size_ += size;
    return start;
  }

  constexpr void release(std::size_t start, std::size_t size, std::size_t tag = 0) {
    std::size_t i = 0;
    while (i < gaps_.size() && gaps_[i].start < start) ++i;
    insert(i, {start, size, tag});
    if (how_ == reuse::whole || tag != 0) return;
    if (i + 1 < gaps_.size() && gaps_[i + 1].tag == 0 && start + size == gaps_[i + 1].start) join(i);
    if (i > 0 && gaps_[i - 1].tag == 0 && gaps_[i - 1].start + gaps_[i - 1].size == gaps_[i].start) join(i - 1);
  }

  /// How many elements are needed in all.
  [[nodiscard]] constexpr std::size_t size() const { return size_; }

private:
  struct gap {
    std::size_t start = 0, size = 0, tag = 0;
  };

  constexpr void remove(std::size_t i) {
    for (; i + 1 < gaps_.size(); ++i) gaps_[i] = gaps_[i + 1];
    gaps_.pop_back();
  }
  constexpr void insert(std::size_t i, gap g) {
    gaps_.push_back(g);
    for (std::size_t k = gaps_.size() - 1; k > i; --k) gaps_[k] = gaps_[k - 1];
    gaps_[i] = g;
  }
  constexpr void join(std::size_t i) {
    gaps_[i].size += gaps_[i + 1].size;
    remove(i + 1);
  }

  reuse how_;
  growing<gap> gaps_;
  std::size_t size_ = 0;
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
