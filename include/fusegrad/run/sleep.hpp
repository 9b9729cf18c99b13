// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>

#if defined(__linux__)
#include <limits>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(__unix__) || defined(__APPLE__)
#include <time.h>
#endif

// How a thread sleeps until another has changed a number. `std::atomic::wait` would do, but it is 46 functions that
// every file with a model compiles, and reading `<atomic>`.
namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Sleeps while `at` has this value, unless it is woken; may return early. Where the system has no such call it is a
/// short sleep.
inline void sleep_while(const int* at, int value) noexcept {
#if defined(__linux__)
  syscall(SYS_futex, at, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
#elif defined(__unix__) || defined(__APPLE__)
  const timespec pause{0, 20'000};
  if (__atomic_load_n(at, __ATOMIC_RELAXED) == value) nanosleep(&pause, nullptr);
#else
  static_cast<void>(at), static_cast<void>(value);
#endif
}

/// Wakes all that sleep so.
inline void wake_all([[maybe_unused]] const int* at) noexcept {
#if defined(__linux__)
  syscall(SYS_futex, at, FUTEX_WAKE_PRIVATE, std::numeric_limits<int>::max(), nullptr, nullptr, 0);
#endif
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
