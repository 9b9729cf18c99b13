// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>

// Not <chrono> where it can be helped: it brings streams and locales, a twentieth of what compiling a trainer takes.
#if __has_include(<unistd.h>)
#include <time.h>
#else
#include <chrono>
#endif

namespace fusegrad::base {

/// Seconds since some moment, by a clock that nobody sets.
inline double steady_seconds() noexcept {
#if __has_include(<unistd.h>)
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
#else
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
#endif
}

} // namespace fusegrad::base
