// SPDX-License-Identifier: MIT
// All cases as models of this library. With `--serve` a worker of scripts/bench; otherwise a program of Google Benchmark:
//   benchmark_model --benchmark_filter='^D/'
#include "entry.hpp"
#include "peak.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace benchmarks {
namespace {

std::vector<entry> all_entries() {
  std::vector<entry> all;
  for (auto part : {case_a, case_b, case_c, case_d, case_e, case_trigger, case_deep5, case_deep9, case_mnist, case_policy,
                    widths_4_to_16, widths_32_to_128, widths_256_to_1024, depths_1_to_4, depths_8_to_16, depths_32_to_64})
    for (const entry& e : part()) all.push_back(e);
  return all;
}

void offer_threads(int threads) {
#ifdef _OPENMP
  omp_set_num_threads(threads);
#else
  static_cast<void>(threads);
#endif
}

class ours final : public contender {
public:
  explicit ours(int threads) : threads_{threads} { offer_threads(threads); }

  std::string name() const override { return "fusegrad"; }
  std::string version() const override { return FUSEGRAD_VERSION; }
  const model_case* find(std::string_view name) const override { return name == no_model.name ? &no_model : find_case(name); }

  std::unique_ptr<session> open(const model_case& c, phase p, std::size_t batch) override {
    if (c.name == no_model.name) return std::make_unique<peak>(threads_);
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const entry& e) { return e.name == c.name; });
    if (found == entries_.end()) throw cannot("it is not compiled in");
    return found->open(p, batch, threads_);
  }

private:
  static constexpr model_case no_model{"peak", {1, 1}, activation::relu, loss::squared_error, {1}};

  int threads_;
  std::vector<entry> entries_ = all_entries();
};

/// As many as take about ten microseconds: the benchmark's own loop is then no part of the smallest step's time.
std::size_t repeats_of(session& s) {
  s.repeat(1);
  const auto start = std::chrono::steady_clock::now();
  s.repeat(1);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return std::clamp<std::size_t>(static_cast<std::size_t>(1e-5 / std::max(seconds, 1e-9)), 1, 1000);
}

void run(benchmark::State& state, const model_case& c, phase p, std::size_t batch, int threads) {
  ours system{threads};
  const auto opened = system.open(c, p, batch);
  const auto repeats = static_cast<benchmark::IterationCount>(repeats_of(*opened));
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
          const std::string name = std::string(c.name) + '/' + (p == phase::train ? "train" : "infer") + "/batch:" +
                                   std::to_string(batch) + "/threads:" + std::to_string(threads);
          benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) { run(state, c, p, batch, threads); })
              ->UseRealTime();
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
