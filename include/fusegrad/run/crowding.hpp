// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <limits>

/// What was seen of other work on the cores of this machine. Threads that share a batch wait for each other: where one
/// of them has lost its core, all have, for the milliseconds of a time slice, and fewer threads are faster than more.
namespace fusegrad::execution::inline FUSEGRAD_ABI {

inline constexpr double shortest_stall = 1e-3; // seconds

/// How long one of a team had to wait for others in its last step: the one that waited longest, since anyone can lose
/// its core, the first thread as well.
class longest_wait {
public:
  /// The first step begins at `now` seconds.
  explicit longest_wait(double now) noexcept : begin_{now} {}

  /// Between two steps, where no thread is at work: whether the one that ends at `now` was so short that no stall can
  /// be in it. Then the next one begins; short waits of many steps are no stall.
  [[nodiscard]] bool goes_on(double now) noexcept {
    if (now - begin_ >= shortest_stall) return false;
    begin_ = now;
    return true;
  }
  /// When the last step began.
  [[nodiscard]] double begin() const noexcept { return begin_; }

  /// A thread has done its work at `now` seconds and slept for so long while it waited for others.
  void finished(double slept, double now) noexcept {
    double before = slept_less_now(), after = slept - now;
    while (after > before &&
           !__atomic_compare_exchange(&slept_less_now_, &before, &after, true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
    }
  }
  /// All have, at `end`.
  [[nodiscard]] double until(double end) const noexcept { return slept_less_now() + end; }

private:
  [[nodiscard]] double slept_less_now() const noexcept {
    double now;
    __atomic_load(&slept_less_now_, &now, __ATOMIC_SEQ_CST);
    return now;
  }

  double begin_;
  // This and those below are read and written by the builtins of GCC and Clang, which need no header.
  double slept_less_now_ = -std::numeric_limits<double>::infinity();
};

/// How many threads are worth starting, found out from how long those of a team had to wait for each other.
class crowding {
public:
  /// Of `wanted` threads at `now` seconds, so many pay.
  [[nodiscard]] int limit(int wanted, double now) const noexcept {
    double until;
    __atomic_load(&until_, &until, __ATOMIC_RELAXED);
    const int most = __atomic_load_n(&most_, __ATOMIC_RELAXED);
    return most < wanted && now < until ? most : wanted;
  }
  /// Whether there is anything to ask for.
  [[nodiscard]] bool was_seen() const noexcept { return __atomic_load_n(&most_, __ATOMIC_RELAXED) < nothing_seen; }

  /// A team of `size` threads worked on a step until `now` for `seconds`, in which one of them waited for `waited`
  /// without its turn coming. Waits that are shorter than a time slice are no sign, nor are such as come of parts of
  /// two sizes: half of the work.
  void note(int size, double waited, double seconds, double now) noexcept {
    if (waited < shortest_stall || waited < seconds * 2 / 3) return;
    double until, pause;
    __atomic_load(&until_, &until, __ATOMIC_RELAXED);
    __atomic_load(&pause_, &pause, __ATOMIC_RELAXED);
    const bool is_met_again = now - until < pause + soon_after;
    pause = is_met_again && pause * growth > waited * first_pause ? pause * growth : waited * first_pause;
    if (pause > longest_pause) pause = longest_pause;
    until = now + pause;
    __atomic_store_n(&most_, size > 2 ? size / 2 : 1, __ATOMIC_RELAXED);
    __atomic_store(&pause_, &pause, __ATOMIC_RELAXED);
    __atomic_store(&until_, &until, __ATOMIC_RELAXED);
  }
  /// As if nothing had been seen yet: the next stall is a first one again, whose pause is short.
  void forget() noexcept {
    double until = long_ago, pause = 0;
    __atomic_store_n(&most_, nothing_seen, __ATOMIC_RELAXED);
    __atomic_store(&until_, &until, __ATOMIC_RELAXED);
    __atomic_store(&pause_, &pause, __ATOMIC_RELAXED);
  }

private:
  static constexpr int nothing_seen = std::numeric_limits<int>::max();
  static constexpr double long_ago = -std::numeric_limits<double>::infinity();
  static constexpr double longest_pause = 1, soon_after = 20e-3; // seconds
  /// The first pause is so many times as long as the stall, and each further one so many times as long as the one
  /// before it where a stall was met again soon after that: what disturbs once costs little, and little time is lost
  /// with trying where another program stays.
  static constexpr double first_pause = 2, growth = 4;

  int most_ = nothing_seen;
  double until_ = long_ago, pause_ = 0;
};

/// Of this process.
inline constinit crowding crowding_of_this_process{};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
