// SPDX-License-Identifier: MIT
#include "laws/train/allocations.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

std::atomic<std::size_t> fusegrad::test::allocations = 0;
std::atomic<std::size_t> fusegrad::test::releases = 0;
thread_local long fusegrad::test::allocations_left = -1;

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FUSEGRAD_COUNTS_NOTHING
#endif
#endif

#ifdef FUSEGRAD_COUNTS_NOTHING
const bool fusegrad::test::allocations_are_counted = false;
#else
const bool fusegrad::test::allocations_are_counted = true;

namespace {

void* counted(std::size_t size, std::size_t alignment) {
  ++fusegrad::test::allocations;
  if (fusegrad::test::allocations_left >= 0 && fusegrad::test::allocations_left-- == 0) throw std::bad_alloc();
  const std::size_t whole = (size + alignment - 1) / alignment * alignment;
  void* memory =
      alignment <= alignof(std::max_align_t) ? std::malloc(size == 0 ? 1 : size) : std::aligned_alloc(alignment, whole);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void release(void* memory) noexcept {
  if (memory != nullptr) ++fusegrad::test::releases;
  std::free(memory);
}

} // namespace

// Every form ends in one of these (what does not throw, too: the address sanitizer's own would not). Not inlined: else
// GCC sees `free` without the `malloc` that belongs to it.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted(size, 1); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return counted(size, 1); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void* operator new[](std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return counted(size, 1);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept { release(memory); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { release(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { release(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { release(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { release(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { release(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::align_val_t) noexcept { release(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { release(memory); }
#endif
