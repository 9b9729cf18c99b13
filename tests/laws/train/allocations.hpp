// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>

namespace fusegrad::test {

/// How often memory has been taken so far, by anyone in this program; no_allocation.cpp counts.
extern std::atomic<std::size_t> allocations;
/// How often memory has been given back.
extern std::atomic<std::size_t> releases;

template <class Work> std::size_t allocations_of(Work&& work) {
  const std::size_t before = allocations;
  work();
  return allocations - before;
}

} // namespace fusegrad::test
