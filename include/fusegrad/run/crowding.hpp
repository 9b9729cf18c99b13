// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <fusegrad/base/config.hpp>
#include <limits>

/// What was seen of other work on the cores of this machine. Threads that share a batch wait for each other: where one
/// of them has lost its core, all have, for the milliseconds of a time slice, and fewer threads are faster than more.
namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// How long one of a team had to wait for others: the one that waited longest, since anyone can lose its core, the
/// first thread as well.
class longest_wait {
public:
  /// A thread has done its work at `now` seconds and slept for so long while it waited for others.
  void finished(double slept, double now) noexcept {
    double before = slept_less_now_.load(std::memory_order_relaxed);
    while (slept - now > before && !slept_less_now_.compare_exchange_weak(before, slept - now)) {
    }
  }
  /// All have, at `end`.
  [[nodiscard]] double until(double end) const noexcept { return slept_less_now_.load() + end; }

private:
  std::atomic<double> slept_less_now_{-std::numeric_limits<double>::infinity()};
};

/// How many threads are worth starting, found out from how long those of a team had to wait for each other.
class crowding {
public:
  /// Of `wanted` threads at `now` seconds, so many pay.
  [[nodiscard]] int limit(int wanted, double now) const noexcept {
    const int most = most_.load(std::memory_order_relaxed);
    return most < wanted && now < until_.load(std::memory_order_relaxed) ? most : wanted;
  }
  /// Whether there is anything to ask for.
  [[nodiscard]] bool was_seen() const noexcept { return most_.load(std::memory_order_relaxed) < nothing_seen; }

  /// A team of `size` threads worked until `now` for `seconds`, in which one of them waited for `waited` without its
  /// turn coming. Waits that are shorter than a time slice are no sign, nor are such as come of parts of two sizes:
  /// half of the work.
  void note(int size, double waited, double seconds, double now) noexcept {
    if (waited < shortest_stall || waited < seconds * 2 / 3) return;
    most_.store(size > 2 ? size / 2 : 1, std::memory_order_relaxed);
    const double pause = waited * pauses_for_a_stall;
    until_.store(now + (pause < longest_pause ? pause : longest_pause), std::memory_order_relaxed);
  }
  void forget() noexcept { most_.store(nothing_seen, std::memory_order_relaxed); }

private:
  static constexpr int nothing_seen = std::numeric_limits<int>::max();
  static constexpr double shortest_stall = 1e-3, longest_pause = 1; // seconds
  /// A stall is met again after this many times its length: so much of the time at most is lost with trying.
  static constexpr double pauses_for_a_stall = 25;

  std::atomic<int> most_{nothing_seen};
  std::atomic<double> until_{0};
};

/// Of this process.
inline constinit crowding crowding_of_this_process{};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
