// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <new>

namespace fusegrad::test {

/// False under Clang's thread sanitizer, which has its own operators new and delete and lets no program replace them:
/// nothing is counted there, and nothing fails.
extern const bool allocations_are_counted;
/// How often memory has been taken so far, by anyone in this program; allocations.cpp counts.
extern std::atomic<std::size_t> allocations;
/// How often memory has been given back.
extern std::atomic<std::size_t> releases;

template <class Work> std::size_t allocations_of(Work&& work) {
  const std::size_t before = allocations;
  work();
  return allocations - before;
}

/// How many allocations of this thread succeed before one fails; negative if none does.
extern thread_local long allocations_left;

/// Lets each allocation of some work fail in turn, and looks at what it left behind; returns how many there were.
template <class Work, class Look> long fail_each_allocation(Work&& work, Look&& look) {
  for (long n = 0;; ++n) {
    allocations_left = n;
    try {
      work();
      allocations_left = -1;
      return n;
    } catch (const std::bad_alloc&) {
      allocations_left = -1;
    } catch (...) {
      allocations_left = -1;
      throw;
    }
    look();
  }
}

} // namespace fusegrad::test
