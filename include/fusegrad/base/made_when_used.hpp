// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <utility>

namespace fusegrad::base {

/// Something that is made when it is first asked for. Whoever never asks has nothing of it compiled: neither how it is
/// made, nor how it is copied or ends.
template <class T> class made_when_used {
public:
  constexpr made_when_used() noexcept = default;
  constexpr made_when_used(const made_when_used& other)
      : item_{other.item_ == nullptr ? nullptr : other.copy_or_end_(other.item_, true)},
        copy_or_end_{other.copy_or_end_} {}
  constexpr made_when_used(made_when_used&& other) noexcept
      : item_{std::exchange(other.item_, nullptr)}, copy_or_end_{other.copy_or_end_} {}
  constexpr made_when_used& operator=(made_when_used other) noexcept {
    std::swap(item_, other.item_);
    std::swap(copy_or_end_, other.copy_or_end_);
    return *this;
  }
  constexpr ~made_when_used() {
    if (item_ != nullptr) copy_or_end_(item_, false);
  }

  constexpr T& get() {
    if (item_ == nullptr) {
      item_ = new T();
      copy_or_end_ = [](T* item, bool is_copy) -> T* {
        if (is_copy) return new T(*item);
        delete item;
        return nullptr;
      };
    }
    return *item_;
  }

private:
  T* item_ = nullptr;
  T* (*copy_or_end_)(T*, bool) = nullptr;
};

} // namespace fusegrad::base
