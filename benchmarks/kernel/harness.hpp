// SPDX-License-Identifier: MIT
#pragma once

#include "common/numbers.hpp"
#include "common/worker.hpp"
#include "model/peak.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fusegrad/math/vector.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <string>
#include <utility>
#include <vector>

namespace benchmarks {

using numbers = fusegrad::tensor::buffer<float>;

/// Small numbers around zero: no kernel meets a denormal or an overflow.
inline numbers filled(std::size_t size, std::size_t stream = 1) {
  numbers all(size);
  for (std::size_t i = 0; i < size; ++i) all[i] = static_cast<float>(0.1 * signed_unit(stream, i));
  return all;
}

template <class F> double seconds_of(F&& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Calls a kernel and a yardstick in turns, some 50 microseconds each, and gives back the median seconds of one call of
/// each. Only their ratio means much on a machine whose clock drifts.
template <class Kernel, class Yardstick>
std::pair<double, double> in_turns(benchmark::State& state, Kernel&& kernel, Yardstick&& yardstick) {
  const auto repeats_of = [](auto& f) {
    f();
    const double once = std::min(seconds_of(f), seconds_of(f));
    return std::clamp<std::size_t>(static_cast<std::size_t>(5e-5 / std::max(once, 1e-9)), 1, 20000);
  };
  const auto time = [](auto& f, std::size_t repeats) {
    return seconds_of([&] {
             for (std::size_t i = 0; i < repeats; ++i) f();
           }) /
           static_cast<double>(repeats);
  };
  const std::size_t kernel_repeats = repeats_of(kernel), yardstick_repeats = repeats_of(yardstick);
  std::vector<double> kernel_seconds, yardstick_seconds;
  for (auto _ : state) {
    yardstick_seconds.push_back(time(yardstick, yardstick_repeats));
    kernel_seconds.push_back(time(kernel, kernel_repeats));
    state.SetIterationTime(kernel_seconds.back());
  }
  const auto median = [](std::vector<double>& all) {
    std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
    return all[all.size() / 2];
  };
  return {median(kernel_seconds), median(yardstick_seconds)};
}

/// For what multiplies: billions of floating-point operations a second, and percent of multiplications and additions in
/// registers alone.
template <class Kernel> void against_peak(benchmark::State& state, double operations, Kernel&& kernel) {
  peak registers(1);
  const auto [seconds, yardstick] = in_turns(state, kernel, [&] { registers.repeat(1); });
  state.counters["GFLOP/s"] = operations / seconds / 1e9;
  state.counters["%peak"] = 100 * (operations / seconds) / (static_cast<double>(peak::operations) / yardstick);
}

/// For what moves numbers: gigabytes a second, and percent of a plain loop that moves as many bytes through as much
/// memory.
template <class Kernel>
void against_memory(benchmark::State& state, std::size_t read, std::size_t written, Kernel&& kernel) {
  using vector = fusegrad::math::vector<float>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  const auto whole = [](std::size_t bytes) {
    return (bytes / sizeof(float) + 8 * lanes - 1) / (8 * lanes) * (8 * lanes);
  };
  numbers from = filled(whole(read)), to = filled(whole(written));
  const std::size_t both = std::min(from.size(), to.size());
  const auto [seconds, yardstick] = in_turns(state, kernel, [&] {
    launder(from.data());
    for (std::size_t i = 0; i < both; i += lanes) vector::load_aligned(from.data() + i).store_aligned(to.data() + i);
    for (std::size_t i = both; i < to.size(); i += lanes) vector(1.0f).store_aligned(to.data() + i);
    vector sums[8]{};
    for (std::size_t i = both; i < from.size(); i += 8 * lanes)
#pragma GCC unroll 8
      for (std::size_t k = 0; k < 8; ++k) sums[k] += vector::load_aligned(from.data() + i + k * lanes);
    launder(sums);
  });
  const auto bytes = static_cast<double>(read + written);
  state.counters["GB/s"] = bytes / seconds / 1e9;
  state.counters["%memory"] =
      100 * bytes / seconds / (static_cast<double>((from.size() + to.size()) * sizeof(float)) / yardstick);
}

template <class Run> void add_benchmark(const std::string& name, Run&& run) {
  benchmark::RegisterBenchmark(name.c_str(), std::forward<Run>(run))
      ->UseManualTime()
      ->Iterations(200)
      ->Unit(benchmark::kMicrosecond);
}

} // namespace benchmarks
