// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <fusegrad/run/runtime_threads.hpp>
#include <fusegrad/run/sleep.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// Where the threads of a team wait for each other. They spin, since what they wait for is shorter than going to sleep
/// would be; after a while each sleeps, in case who is waited for has no core: an idle one is given to it, one that
/// yields is not.
class barrier {
public:
  constexpr barrier() noexcept = default;

  /// Waits until it has been called by so many threads; all say the same number, and another only when all of them have
  /// gone on. Returns for how many seconds it slept. A call: threads meet at some five places of each program.
  [[gnu::noinline]] double wait(int threads) noexcept {
    return wait(threads, [] {});
  }
  /// The same; the last to come calls `before_all_go_on()` first.
  template <class Last> double wait(int threads, const Last& before_all_go_on) noexcept {
    const int round = __atomic_load_n(&round_, __ATOMIC_RELAXED);
    if (__atomic_add_fetch(&arrived_, 1, __ATOMIC_ACQ_REL) == threads) {
      before_all_go_on();
      __atomic_store_n(&arrived_, 0, __ATOMIC_RELAXED);
      // One of both is seen by the other: that the round is over, or that somebody sleeps.
      __atomic_store_n(&round_, round ^ 1, __ATOMIC_SEQ_CST);
      if (__atomic_load_n(&sleeping_, __ATOMIC_SEQ_CST) != 0) wake_all(&round_);
      return 0;
    }
    for (int spins = 0; spins < spins_before_sleep; ++spins) {
      if (__atomic_load_n(&round_, __ATOMIC_ACQUIRE) != round) return 0;
      pause();
    }
    return sleep(round);
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

  [[gnu::noinline]] double sleep(int round) noexcept {
    const double begin = seconds_now();
    __atomic_add_fetch(&sleeping_, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&round_, __ATOMIC_ACQUIRE) == round) sleep_while(&round_, round);
    __atomic_sub_fetch(&sleeping_, 1, __ATOMIC_RELAXED);
    return seconds_now() - begin;
  }

  // Read and written by the builtins of GCC and Clang, which need no header.
  alignas(64) int arrived_ = 0;
  alignas(64) int round_ = 0;
  int sleeping_ = 0;
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
