// SPDX-License-Identifier: MIT
#include "memory.hpp"

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <new>

namespace fusegrad::fuzz {

namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
thread_local std::size_t limit = no_limit;

/// Nothing where the system has no more.
void* take(std::size_t size) noexcept {
  if (size > limit) {
    std::fprintf(stderr, "%zu bytes are taken at once, where %zu are allowed\n", size, limit);
    std::abort();
  }
  return std::malloc(size == 0 ? 1 : size);
}

void* take_or_throw(std::size_t size) {
  void* memory = take(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

} // namespace

memory_limit::memory_limit(std::size_t file, std::size_t factor) noexcept {
  limit = factor * file + (std::size_t{1} << 20);
}
memory_limit::~memory_limit() { limit = no_limit; }

} // namespace fusegrad::fuzz

// Every form of new that does not ask for an alignment: the address sanitizer's own know nothing of these. Not inlined:
// else GCC sees `free` without the `malloc` that belongs to it.
using fusegrad::fuzz::take;
using fusegrad::fuzz::take_or_throw;
[[gnu::noinline]] void* operator new(std::size_t size) { return take_or_throw(size); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return take_or_throw(size); }
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
