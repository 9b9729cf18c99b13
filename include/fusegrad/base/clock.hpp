// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>

#if __has_include(<unistd.h>)
#include <time.h>
#else
#include <chrono>
#endif

namespace fusegrad::base {

/// Seconds on a clock that never goes back. Not by <chrono> where it can be helped: since C++20 that brings streams and
/// locales along, a tenth of what it costs to include the trainer.
inline double seconds_now() noexcept {
#if __has_include(<unistd.h>)
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
#else
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
#endif
}

} // namespace fusegrad::base
