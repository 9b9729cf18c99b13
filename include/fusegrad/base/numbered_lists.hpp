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

  /// An item, and where the next one of its list stands.
  struct link {
    T item{};
    place next = none;
  };

  /// So many lists, all empty, with room for two items of each.
  constexpr void resize(std::size_t count) {
    first_.resize(count);
    last_.resize(count);
    links_.reserve(1 + 2 * count);
    links_.resize(1);
  }
  /// How many lists there are.
  [[nodiscard]] constexpr std::size_t size() const noexcept { return first_.size(); }

  [[nodiscard]] constexpr bool empty(Number n) const noexcept { return first_[n] == none; }
  [[nodiscard]] constexpr bool has_one(Number n) const noexcept { return first_[n] != none && first_[n] == last_[n]; }
  [[nodiscard]] constexpr place first(Number n) const noexcept { return first_[n]; }
  [[nodiscard]] constexpr place next(place at) const noexcept { return links_[at].next; }
  [[nodiscard]] constexpr const T& item(place at) const noexcept { return links_[at].item; }
  /// All items by their places, for loops that would call `item` and `next` many times.
  [[nodiscard]] constexpr const link* links() const noexcept { return links_.begin(); }

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
    link* const links = links_.begin();
    place before = none;
    for (place at = first_[n]; at != none;) {
      const place next = links[at].next;
      if (links[at].item == item)
        take_out(n, before, next);
      else
        before = at;
      at = next;
    }
  }
  /// Puts `now` in the place of the last `old`; only takes that out of a list that has `now` already. Without an `old`
  /// nothing changes.
  constexpr void replace(Number n, const T& old, const T& now) {
    link* const links = links_.begin();
    place before = none, before_old = none, at_old = none;
    bool has_now = false;
    for (place at = first_[n]; at != none; at = links[at].next) {
      if (links[at].item == now) has_now = true;
      if (links[at].item == old) {
        before_old = before;
        at_old = at;
      }
      before = at;
    }
    if (at_old == none) return;
    if (has_now)
      take_out(n, before_old, links[at_old].next);
    else
      links[at_old].item = now;
  }

private:
  /// Takes out what stands between two places.
  constexpr void take_out(Number n, place before, place next) noexcept {
    (before == none ? first_[n] : links_[before].next) = next;
    if (next == none) last_[n] = before;
  }

  numbered<Number, place> first_, last_;
  growing<link> links_; ///< the first stands for none
};

} // namespace fusegrad
