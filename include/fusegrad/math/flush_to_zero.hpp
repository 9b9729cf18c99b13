// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <type_traits>

namespace fusegrad::math::inline FUSEGRAD_ABI {

/// While it lives, this thread takes numbers below the smallest normal one for zero and makes none; then its mode is as
/// before. Denormal numbers cost up to a hundred times as much, and vanishing gradients are full of them. Where the
/// target has no such mode, and in constant expressions, it does nothing.
class flush_to_zero {
public:
  constexpr flush_to_zero() noexcept {
    if (std::is_constant_evaluated()) return;
    before_ = mode();
    if ((before_ & flushing) != flushing) set_mode(before_ | flushing);
  }
  constexpr ~flush_to_zero() {
    if (std::is_constant_evaluated()) return;
    if ((before_ & flushing) != flushing) set_mode(before_);
  }
  flush_to_zero(const flush_to_zero&) = delete;
  flush_to_zero& operator=(const flush_to_zero&) = delete;

private:
#if defined(__SSE__)
  // Flush results (bit 15), take operands for zero (bit 6).
  static constexpr std::uint64_t flushing = 0x8040;
  static std::uint64_t mode() noexcept { return __builtin_ia32_stmxcsr(); }
  static void set_mode(std::uint64_t to) noexcept { __builtin_ia32_ldmxcsr(static_cast<std::uint32_t>(to)); }
#elif defined(__aarch64__)
  static constexpr std::uint64_t flushing = 1u << 24;
  static std::uint64_t mode() noexcept {
    std::uint64_t now;
    __asm__ volatile("mrs %0, fpcr" : "=r"(now));
    return now;
  }
  static void set_mode(std::uint64_t to) noexcept { __asm__ volatile("msr fpcr, %0" : : "r"(to)); }
#else
  static constexpr std::uint64_t flushing = 0;
  static std::uint64_t mode() noexcept { return 0; }
  static void set_mode(std::uint64_t) noexcept {}
#endif

  std::uint64_t before_ = 0;
};

/// The same pointer, of which the compiler knows nothing any more. It does not know of the mode either, and may compute
/// before the mode is set, or after it is taken back, whatever it can: what is read through this is read afterwards,
/// and what was written there is written before.
template <class T> FUSEGRAD_INLINE inline T* opaque(T* pointer) noexcept {
  __asm__ volatile("" : "+r"(pointer) : : "memory");
  return pointer;
}

} // namespace fusegrad::math::inline FUSEGRAD_ABI
