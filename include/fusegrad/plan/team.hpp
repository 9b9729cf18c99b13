// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <type_traits>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace fusegrad::plan {

/// The threads that share a batch; the only place that knows OpenMP. Without it there is one thread, and the same bits.
class team {
public:
  /// `threads` 0 asks for as many as OpenMP offers and the work pays for.
  constexpr explicit team(int threads = 1) noexcept : size_{threads}, chosen_{threads > 0} {
    if (std::is_constant_evaluated()) size_ = 1;
    else size_ = available(threads);
  }

  [[nodiscard]] constexpr int size() const noexcept { return size_; }

  /// Unless their number was chosen, no more threads than the work pays for: starting and waiting for one costs as much as some
  /// hundred thousand operations, and on a busy machine much more. How many there are does not change any result.
  [[nodiscard]] constexpr team sized_for(double operations) const noexcept {
    constexpr double operations_per_thread = 2e6;
    team smaller = *this;
    if (chosen_) return smaller;
    const double paying = operations / operations_per_thread;
    if (paying < static_cast<double>(size_)) smaller.size_ = paying < 1 ? 1 : static_cast<int>(paying);
    return smaller;
  }

  /// Calls `work(rank, size)` once on each thread and waits for all. What is shared among them must depend on fixed parts of
  /// the work, never on `size`, so that results do not either.
  template <class Work> constexpr void run(Work&& work) const noexcept {
    if (std::is_constant_evaluated() || size_ == 1) return work(0, 1);
    run_parallel(work);
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

  template <class Work> void run_parallel(Work& work) const noexcept {
#ifdef _OPENMP
#pragma omp parallel num_threads(size_)
    work(omp_get_thread_num(), omp_get_num_threads());
#else
    work(0, 1);
#endif
  }

  int size_;
  bool chosen_;
};

} // namespace fusegrad::plan
