// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/math/flush_to_zero.hpp>
#include <fusegrad/run/barrier.hpp>
#include <fusegrad/run/crowding.hpp>
#include <fusegrad/run/machine.hpp>
#include <fusegrad/run/runtime_threads.hpp>
#include <type_traits>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// One thread of a team at work.
struct member {
  int rank = 0;
  int size = 1;
  barrier* meeting = nullptr;
  double* slept = nullptr;         ///< seconds that were slept at meetings of a step, where somebody counts them
  longest_wait* longest = nullptr; ///< of the team, where somebody asks for it

  /// Waits until all threads of the team are here.
  constexpr void wait_for_all() const noexcept {
    if (size != 1) count_sleep(meeting->wait(size));
  }
  /// The same; the last of them calls `before_all_go_on()` first. The one above is not written with this: Clang
  /// does not always have the template instantiated when a constant expression needs it.
  template <class Last> constexpr void wait_for_all(const Last& before_all_go_on) const noexcept {
    if (size == 1) return before_all_go_on();
    count_sleep(meeting->wait(size, before_all_go_on));
  }
  /// For the last to come between two steps: whether the one that was done was short. Behind one that was not the team
  /// ends, for it finds out only then whether a thread had lost its core.
  [[nodiscard]] constexpr bool was_short_step() const noexcept {
    return longest == nullptr || longest->goes_on(seconds_now());
  }
  /// For each of them, where they go on.
  constexpr void begin_step() const noexcept {
    if (slept != nullptr) *slept = 0;
  }
  constexpr void count_sleep(double seconds) const noexcept {
    if (slept != nullptr) *slept += seconds;
  }

  /// Which of `count` groups of consecutive threads this one is in; with fewer threads than that, each is a group.
  [[nodiscard]] constexpr int group(int count) const noexcept { return count < size ? rank * count / size : rank; }
  /// The same thread as a member of its group, which meets at a barrier of its own.
  [[nodiscard]] constexpr member in_group(int count, barrier* of_group) const noexcept {
    if (count >= size) return {};
    const int mine = group(count), first = (mine * size + count - 1) / count,
              next = ((mine + 1) * size + count - 1) / count;
    return {rank - first, next - first, of_group, slept};
  }

  struct range {
    std::size_t begin, end;
  };
  /// This thread's part of `count` things, cut at multiples of `grain`; a part that is not empty has a grain at least,
  /// if there is one. A single row of many must not be left alone: the kernels sum it in another order.
  [[nodiscard]] constexpr range share(std::size_t count, std::size_t grain = 1) const noexcept {
    if (size == 1) return {0, count};
    const std::size_t grains = count / grain, n = static_cast<std::size_t>(size), r = static_cast<std::size_t>(rank);
    return {grains * r / n * grain, r + 1 == n ? count : grains * (r + 1) / n * grain};
  }
};

/// The number of threads that somebody asks for. Throws std::invalid_argument where it is below zero.
constexpr int checked_threads(int threads) {
  if (threads < 0) base::refuse("fusegrad: threads is 0, for as many as pay, or more, not %d.", threads);
  return threads;
}

/// The threads that share a batch; with runtime_threads.hpp the only place that knows OpenMP. Without it there is one
/// thread, and the same bits.
class team {
public:
  /// `threads` 0 asks for as many as OpenMP offers and the work pays for. Throws std::invalid_argument below zero.
  constexpr explicit team(int threads = 1) : size_{checked_threads(threads)}, chosen_{threads > 0} {
    if (__builtin_is_constant_evaluated())
      size_ = 1;
    else
      size_ = available(threads);
  }

  [[nodiscard]] constexpr int size() const noexcept { return size_; }

  /// Unless their number was chosen, no more threads than the work pays for, two from `for_two` operations on, and
  /// fewer while other programs need the cores. How many there are does not change any result.
  [[nodiscard]] constexpr team sized_for(double operations,
                                         double for_two = 2 * machine::operations_for_a_thread) const noexcept {
    team smaller = *this;
    if (chosen_) return smaller;
    double paying = operations / machine::operations_for_a_thread;
    if (paying < 2 && operations >= for_two) paying = 2;
    if (paying < static_cast<double>(size_)) smaller.size_ = paying < 1 ? 1 : static_cast<int>(paying);
    if (!__builtin_is_constant_evaluated()) smaller.size_ = not_crowded(smaller.size_);
    return smaller;
  }

  /// Calls `work(member)` once on each thread and waits for all; numbers that are almost zero count as zero meanwhile.
  /// What is shared among threads must not let the order of a sum depend on their number.
  template <class Work> constexpr void run(Work&& work) const noexcept {
    if (__builtin_is_constant_evaluated()) return work(member{});
    if (size_ > 1) return run_parallel(work);
    const math::flush_to_zero mode;
    work(member{});
  }

private:
  static int available(int threads) noexcept {
#ifdef _OPENMP
    return threads > 0 ? threads : omp_get_max_threads();
#else
    static_cast<void>(threads);
    return 1;
#endif
  }

  static int not_crowded(int size) noexcept {
#ifdef _OPENMP
    if (size > 1 && crowding_of_this_process.was_seen()) return crowding_of_this_process.limit(size, seconds_now());
#endif
    return size;
  }

  template <class Work> void run_parallel(Work& work) const noexcept {
#ifdef _OPENMP
    barrier meeting;
    const int size = threads_to_be_had(size_);
    longest_wait wait(seconds_now());
    // A number that was chosen stays: to begin anew would cost such a team a stall more.
    longest_wait* const asks = chosen_ ? nullptr : &wait;
#pragma omp parallel num_threads(size)
    {
      // Inside the region: a mode set outside reaches only the thread that set it.
      const math::flush_to_zero mode;
      double slept = 0;
      // A runtime may give fewer threads than asked for: inside another region, or where it adjusts their number to the
      // load.
      work(member{omp_get_thread_num(), omp_get_num_threads(), &meeting, &slept, asks});
      wait.finished(slept, seconds_now());
    }
    const double end = seconds_now();
    crowding_of_this_process.note(size, wait.until(end), end - wait.begin(), end);
#else
    const math::flush_to_zero mode;
    work(member{});
#endif
  }

  int size_;
  bool chosen_;
};

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
