// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>

#if defined(_OPENMP) && (defined(__unix__) || defined(__APPLE__))
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <omp.h>
#include <pthread.h>
#include <sched.h>
#endif

// What a process can have of threads. A runtime of OpenMP ends the process where the system refuses it a thread, and
// waits forever in a child process for threads that only the parent has; both are found out before it is asked.
namespace fusegrad::execution::inline FUSEGRAD_ABI {

#if defined(_OPENMP) && (defined(__unix__) || defined(__APPLE__))

namespace detail {

/// What is known of the threads that the runtime keeps for one thread of the program.
struct kept_threads {
  int proven = 1;                              ///< so many were there
  int limit = std::numeric_limits<int>::max(); ///< more cannot be had
  const char* reason = nullptr;                ///< why, until it has been said
};
inline constinit thread_local kept_threads threads_of_this_thread{};

/// Of the thread that forks: whether its child can have threads.
inline constinit thread_local bool child_can_have_threads = true;

// The runtime gives back the threads that it keeps for this one, and makes new ones when it needs them, in the parent
// as in the child. It cannot within a parallel region.
inline void before_fork() noexcept {
  child_can_have_threads = omp_get_level() == 0;
  if (child_can_have_threads) omp_pause_resource_all(omp_pause_soft);
}
inline void after_fork_in_parent() noexcept {
  if (child_can_have_threads) threads_of_this_thread.proven = 1;
}
inline void after_fork_in_child() noexcept {
  threads_of_this_thread = {};
  if (!child_can_have_threads) threads_of_this_thread = {1, 1, "this process was forked inside a parallel region"};
}
inline void watch_forks() noexcept {
  [[maybe_unused]] static const int once = pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/// How many threads the system counts for this process; 0 where it does not say.
inline int threads_of_process() noexcept {
  int count = 0;
  if (std::FILE* const file = std::fopen("/proc/self/stat", "r")) {
    char text[1024];
    const std::size_t size = std::fread(text, 1, sizeof text - 1, file);
    std::fclose(file);
    text[size] = '\0';
    // The name of the program, in parentheses, may hold anything; the count is the eighteenth field behind it.
    const char* at = std::strrchr(text, ')');
    for (int field = 0; at != nullptr && field < 18; ++field) at = std::strchr(at + 1, ' ');
    if (at != nullptr) count = std::atoi(at);
  }
  return count;
}

/// How many threads the system gives, up to `wanted`: they are made, all at once, and end.
inline int threads_that_can_be_made(int wanted) noexcept {
  auto* const made = static_cast<pthread_t*>(std::calloc(static_cast<std::size_t>(wanted), sizeof(pthread_t)));
  if (made == nullptr) return 0;
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  const auto pass = [](void* at) -> void* {
    pthread_mutex_lock(static_cast<pthread_mutex_t*>(at));
    pthread_mutex_unlock(static_cast<pthread_mutex_t*>(at));
    return nullptr;
  };
  const int before = threads_of_process();
  int count = 0;
  pthread_mutex_lock(&gate);
  while (count < wanted && pthread_create(made + count, nullptr, pass, &gate) == 0) ++count;
  pthread_mutex_unlock(&gate);
  for (int i = 0; i < count; ++i) pthread_join(made[i], nullptr);
  std::free(made);
  pthread_mutex_destroy(&gate);
  // A thread that has ended still counts for a moment, and would be missing.
  for (int tries = 0; tries < 1000 && threads_of_process() > before; ++tries) sched_yield();
  return count;
}

/// Of more threads than there were so far: how many can be had. That they are fewer is said once.
[[gnu::noinline, gnu::cold]] inline int prove_threads(int wanted) noexcept {
  kept_threads& kept = threads_of_this_thread;
  const int allowed = wanted < omp_get_thread_limit() ? wanted : omp_get_thread_limit();
  if (allowed <= kept.proven || omp_get_active_level() >= omp_get_max_active_levels()) return allowed;
  watch_forks();
  if (const int more = (allowed < kept.limit ? allowed : kept.limit) - kept.proven; more > 0) {
    const int made = threads_that_can_be_made(more);
    kept.proven += made;
    if (made < more) {
      // All that the system gives is too many: the runtime needs memory for each of them besides.
      kept.limit = kept.proven -= made / 8;
      kept.reason = "the system gives no more";
    }
  }
  if (allowed <= kept.limit) return allowed;
  if (kept.reason != nullptr)
    std::fprintf(stderr, "fusegrad: %d of %d threads are used, for %s; results do not depend on it.\n", kept.limit,
                 allowed, kept.reason);
  kept.reason = nullptr;
  return kept.limit;
}

} // namespace detail

/// With how many of `wanted` threads a parallel region can be begun here.
inline int threads_to_be_had(int wanted) noexcept {
  return wanted <= detail::threads_of_this_thread.proven ? wanted : detail::prove_threads(wanted);
}

/// A clock for the waits of threads, in seconds; elsewhere it stands still, and no wait is noticed.
inline double seconds_now() noexcept { return omp_get_wtime(); }

#else

inline int threads_to_be_had(int wanted) noexcept { return wanted; }
inline double seconds_now() noexcept { return 0; }

#endif

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
