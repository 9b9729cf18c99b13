// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <fusegrad/base/config.hpp>
#include <fusegrad/run/runtime_threads.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Where the threads of a team wait for each other. They spin, since what they wait for is shorter than going to sleep
/// would be; after a while each sleeps, in case who is waited for has no core: an idle one is given to it, one that
/// yields is not.
class barrier {
public:
  constexpr barrier() noexcept = default;

  /// Waits until it has been called by so many threads, the same number each time. Returns for how many seconds it
  /// slept.
  double wait(int threads) noexcept {
    const int round = round_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.store(round ^ 1, std::memory_order_release);
      round_.notify_all();
      return 0;
    }
    for (int spins = 0; spins < spins_before_sleep; ++spins) {
      if (round_.load(std::memory_order_acquire) != round) return 0;
      pause();
    }
    const double begin = seconds_now();
    round_.wait(round, std::memory_order_acquire);
    return seconds_now() - begin;
  }

private:
  static constexpr int spins_before_sleep = 1000;

  static void pause() noexcept {
#if defined(__SSE2__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
  }

  alignas(64) std::atomic<int> arrived_{0};
  alignas(64) std::atomic<int> round_{0};
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
