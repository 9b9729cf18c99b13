// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <utility>

namespace fusegrad::base {

/// One object that copies of this share, and the last of them ends; only who makes it needs to know its type. What
/// `<memory>` has for it brings atomic numbers and reading of streams along, in every file that includes it.
template <class State> class shared_state {
public:
  template <class... Arguments> static shared_state made_of(Arguments&&... arguments) {
    struct whole : counted {
      explicit whole(Arguments&&... all) : state(std::forward<Arguments>(all)...) {}
      State state;
    };
    whole* const made = new whole(std::forward<Arguments>(arguments)...);
    made->at = &made->state;
    made->end = [](counted* all) { delete static_cast<whole*>(all); };
    return shared_state(made);
  }

  shared_state(const shared_state& other) noexcept : shared_{other.shared_} {
    if (shared_ != nullptr) __atomic_add_fetch(&shared_->copies, 1, __ATOMIC_RELAXED);
  }
  shared_state(shared_state&& other) noexcept : shared_{std::exchange(other.shared_, nullptr)} {}
  shared_state& operator=(shared_state other) noexcept {
    std::swap(shared_, other.shared_);
    return *this;
  }
  ~shared_state() {
    if (shared_ != nullptr && __atomic_sub_fetch(&shared_->copies, 1, __ATOMIC_ACQ_REL) == 0) shared_->end(shared_);
  }

  State* operator->() const noexcept { return shared_->at; }

private:
  struct counted {
    State* at = nullptr;
    void (*end)(counted*) = nullptr;
    std::size_t copies = 1;
  };
  explicit shared_state(counted* made) noexcept : shared_{made} {}

  counted* shared_;
};

} // namespace fusegrad::base
