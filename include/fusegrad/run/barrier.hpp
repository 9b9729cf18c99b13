// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <fusegrad/base/config.hpp>
#include <thread>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Where the threads of a team wait for each other. They spin, since what they wait for is shorter than going to sleep
/// would be; after a while each gives its core away, in case there are more threads than cores.
class barrier {
public:
  constexpr barrier() noexcept = default;

  /// Waits until it has been called by so many threads, the same number each time.
  void wait(int threads) noexcept {
    const unsigned round = round_.load(std::memory_order_relaxed);
    if (arrived_.fetch_add(1, std::memory_order_acq_rel) + 1 == threads) {
      arrived_.store(0, std::memory_order_relaxed);
      round_.store(round + 1, std::memory_order_release);
      return;
    }
    for (int spins = 0; round_.load(std::memory_order_acquire) == round; ++spins) {
      if (spins < spins_before_yield)
        pause();
      else
        std::this_thread::yield();
    }
  }

private:
  static constexpr int spins_before_yield = 4000;

  static void pause() noexcept {
#if defined(__SSE2__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
  }

  alignas(64) std::atomic<int> arrived_{0};
  alignas(64) std::atomic<unsigned> round_{0};
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
