// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/base/numbered.hpp>

namespace fusegrad {

/// Many short lists, counted by a type of their own, in one piece of memory: in constant evaluation a list of lists
/// starts and destroys each of them by itself.
template <class Number, class T> class numbered_lists {
public:
  /// Where an item stands in its list; none behind the last.
  using place = std::uint32_t;
  static constexpr place none = 0;

  /// So many lists, all empty.
  constexpr void resize(std::size_t count) {
    first_.resize(count);
    last_.resize(count);
    links_.resize(1);
  }
  /// How many lists there are.
  [[nodiscard]] constexpr std::size_t size() const noexcept { return first_.size(); }

  [[nodiscard]] constexpr bool empty(Number n) const noexcept { return first_[n] == none; }
  [[nodiscard]] constexpr bool has_one(Number n) const noexcept { return first_[n] != none && first_[n] == last_[n]; }
  [[nodiscard]] constexpr place first(Number n) const noexcept { return first_[n]; }
  [[nodiscard]] constexpr place next(place at) const noexcept { return links_[at].next; }
  [[nodiscard]] constexpr const T& item(place at) const noexcept { return links_[at].item; }

  /// Puts an item at the end of a list.
  constexpr void add(Number n, const T& item) {
    const auto at = static_cast<place>(links_.size());
    links_.push_back({item, none});
    if (first_[n] == none)
      first_[n] = at;
    else
      links_[last_[n]].next = at;
    last_[n] = at;
  }
  constexpr void clear(Number n) noexcept { first_[n] = last_[n] = none; }
  /// Takes all equal items out of a list.
  constexpr void remove(Number n, const T& item) {
    place before = none;
    for (place at = first_[n]; at != none; at = links_[at].next) {
      const place next = links_[at].next;
      if (!(links_[at].item == item)) {
        before = at;
        continue;
      }
      (before == none ? first_[n] : links_[before].next) = next;
      if (next == none) last_[n] = before;
    }
  }

private:
  struct link {
    T item{};
    place next = none;
  };
  numbered<Number, place> first_, last_;
  growing<link> links_; ///< the first stands for none
};

} // namespace fusegrad
