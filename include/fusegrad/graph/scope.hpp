// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/shape_rules.hpp>
#include <string_view>

namespace fusegrad::graph {

/// Where in the model a layer is while it writes its operations, and the first rule that was broken, with the place.
class scope {
public:
  /// From here on names come from the user too, and might stand twice.
  constexpr void expect_user_names() { has_user_names_ = true; }

  /// Enters a part of the model called `name`; its parameters have it in their path until `leave`.
  constexpr std::size_t enter(std::string_view name) {
    const std::size_t length = path_.size();
    if (!path_.empty()) path_.push_back('.');
    path_.append(name.data(), name.size());
    return length;
  }
  constexpr std::size_t enter(std::size_t position) {
    char digits[20]{};
    std::size_t count = 0;
    do digits[count++] = static_cast<char>('0' + position % 10);
    while ((position /= 10) != 0);
    const std::size_t length = path_.size();
    if (!path_.empty()) path_.push_back('.');
    while (count > 0) path_.push_back(digits[--count]);
    return length;
  }
  constexpr void leave(std::size_t length) { path_.resize(length); }

  /// Where a block that is used several times with the same weights begins: its path is its own name, wherever it
  /// stands.
  struct shared_block {
    growing<char> path;
    bool was_shared;
  };
  constexpr shared_block enter_shared(std::string_view name) {
    shared_block before{path_, shared_};
    path_.clear();
    for (char c : name) path_.push_back(c);
    shared_ = has_user_names_ = true;
    return before;
  }
  constexpr void leave_shared(const shared_block& before) {
    path_ = before.path;
    shared_ = before.was_shared;
  }

  /// The first rule that was broken, if one was. Nobody may run what breaks one.
  [[nodiscard]] constexpr const violation& broken() const { return broken_; }
  /// Where that was: the path of the layer, or of its parameter.
  [[nodiscard]] constexpr const growing<char>& place_of_broken() const { return place_of_broken_; }

  /// Notes what breaks a rule. It is noted and not thrown, so that whoever asked for the operations can say it in
  /// words.
  constexpr bool keeps(const violation& v) { return v.broken == rule::none || keeps(v, path_); }

protected:
  constexpr bool keeps(const violation& v, const growing<char>& place) {
    if (v.broken == rule::none) return true;
    if (broken_.broken == rule::none) {
      broken_ = v;
      place_of_broken_ = place;
    }
    return false;
  }
  [[nodiscard]] constexpr const growing<char>& path() const { return path_; }
  [[nodiscard]] constexpr growing<char> path_of(std::string_view name) const {
    // Not as a copy that grows: g++ 12 takes its end for a size below zero when it inlines much.
    growing<char> path;
    path.reserve(path_.size() + 1 + name.size());
    path.append(path_.begin(), path_.size());
    if (!path.empty()) path.push_back('.');
    path.append(name.data(), name.size());
    return path;
  }
  [[nodiscard]] constexpr bool is_shared() const { return shared_; }
  [[nodiscard]] constexpr bool has_user_names() const { return has_user_names_; }

private:
  growing<char> path_;
  bool shared_ = false;
  bool has_user_names_ = false;
  violation broken_;
  growing<char> place_of_broken_;
};

} // namespace fusegrad::graph
