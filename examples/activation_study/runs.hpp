// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <fusegrad/run/team.hpp>

namespace study {

/// Calls `run(i)` for each i below `count`, shared among threads. A run trains with one thread and writes only to what
/// is its own, so the numbers do not depend on who does it. `progress`, if there is one, is told the share that is
/// done.
inline void for_each_run(std::size_t count, int threads, const std::function<void(std::size_t)>& run,
                         const std::function<void(double)>& progress = {}) {
  std::atomic<std::size_t> next{0};
  fusegrad::execution::team(threads).run([&](const fusegrad::execution::member& who) {
    for (std::size_t i = next++; i < count; i = next++) {
      run(i);
      if (who.rank == 0 && progress) progress(static_cast<double>(i + 1) / static_cast<double>(count));
    }
  });
}

} // namespace study
