// SPDX-License-Identifier: MIT
#pragma once

#include "spread.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// Times of short tasks that are compared with each other. Clocks drift and other programs disturb, so that the tasks
// take turns, and what counts are medians over rounds and ratios of times of the same round.
namespace study {

/// A task, and the seconds that it took, a number for each round.
struct timed_task {
  std::string name;
  std::function<void()> run;
  std::vector<double> seconds = {};
  std::size_t repeats = 1; ///< in a round

  [[nodiscard]] spread time() const { return spread_of(seconds); }
  /// How many times as long as the other task it took.
  [[nodiscard]] spread ratio_to(const timed_task& other) const {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < seconds.size(); ++i) ratios.push_back(seconds[i] / other.seconds[i]);
    return spread_of(std::move(ratios));
  }
};

/// Of one call. The fastest of three parts: where other programs take the processor away, that seldom happens to all
/// three.
inline double seconds_of(const timed_task& task) {
  using clock = std::chrono::steady_clock;
  const std::size_t parts = std::min<std::size_t>(3, task.repeats), each = task.repeats / parts;
  double fastest = 1e300;
  for (std::size_t part = 0; part < parts; ++part) {
    const auto start = clock::now();
    for (std::size_t i = 0; i < each; ++i) task.run();
    fastest =
        std::min(fastest, std::chrono::duration<double>(clock::now() - start).count() / static_cast<double>(each));
  }
  return fastest;
}

/// Lets each task run for about `seconds_each` in every round.
inline void time_in_turns(std::vector<timed_task>& tasks, std::size_t rounds, double seconds_each,
                          const std::function<void(double)>& progress = {}) {
  for (timed_task& task : tasks) {
    task.repeats = 1;
    seconds_of(task); // the first call meets cold caches
    // What was timed once may have been disturbed, and is then repeated too seldom.
    const double once = std::min({seconds_of(task), seconds_of(task), seconds_of(task)});
    task.repeats = std::clamp<std::size_t>(static_cast<std::size_t>(seconds_each / std::max(once, 1e-9)), 1, 100'000);
  }
  for (std::size_t round = 0; round < rounds; ++round) {
    // To and fro, so that nobody always follows the same one.
    if (round % 2 == 0)
      for (auto task = tasks.begin(); task != tasks.end(); ++task) task->seconds.push_back(seconds_of(*task));
    else
      for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) task->seconds.push_back(seconds_of(*task));
    if (progress) progress(static_cast<double>(round + 1) / static_cast<double>(rounds));
  }
}

} // namespace study
