// SPDX-License-Identifier: MIT
// All cases as models of this library. With `--serve` a worker of scripts/bench; otherwise a program of Google
// Benchmark:
//   benchmark_model --benchmark_filter='^D/'
#include "ours.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace benchmarks {
namespace {

/// As many as take about ten microseconds: the benchmark's own loop is then no part of the smallest step's time.
std::size_t repeats_of(session& s) {
  s.repeat(1);
  const auto start = std::chrono::steady_clock::now();
  s.repeat(1);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return std::clamp<std::size_t>(static_cast<std::size_t>(1e-5 / std::max(seconds, 1e-9)), 1, 1000);
}

/// `repeats`: 0 until they are found, at the first call. A repetition must do as many iterations as the one before, or
/// Google Benchmark ends the program.
void run(benchmark::State& state, const model_case& c, phase p, std::size_t batch, int threads,
         benchmark::IterationCount& repeats) {
  ours system{threads};
  const auto opened = system.open(c, p, batch);
  if (repeats == 0) repeats = static_cast<benchmark::IterationCount>(repeats_of(*opened));
  while (state.KeepRunningBatch(repeats)) opened->repeat(static_cast<std::size_t>(repeats));
  const double steps = static_cast<double>(state.iterations());
  state.counters["FLOP/s"] = benchmark::Counter(c.operations(p, batch) * steps, benchmark::Counter::kIsRate);
  state.SetItemsProcessed(static_cast<std::int64_t>(batch) * state.iterations());
}

void register_all() {
  for (const model_case& c : all_cases)
    for (const phase p : {phase::train, phase::infer})
      for (const std::size_t batch : c.batches())
        for (const int threads : {1, 2}) {
          const std::string name = std::string(c.name) + '/' + (p == phase::train ? "train" : "infer") +
                                   "/batch:" + std::to_string(batch) + "/threads:" + std::to_string(threads);
          benchmark::IterationCount repeats = 0;
          benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) mutable {
            run(state, c, p, batch, threads, repeats);
          })->UseRealTime();
        }
}

} // namespace
} // namespace benchmarks

int main(int argc, char** argv) {
  if (std::find(argv + 1, argv + argc, std::string_view("--serve")) != argv + argc)
    return benchmarks::serve<benchmarks::ours>(argc, argv);
  benchmarks::register_all();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
