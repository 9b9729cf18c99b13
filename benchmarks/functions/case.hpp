// SPDX-License-Identifier: MIT
#pragma once

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace functions_benchmark {

/// Numbers between -1 and 1 that Python makes in the same way: see data.py.
inline std::vector<double> random_numbers(std::size_t count, unsigned seed) {
  std::vector<double> out(count);
  unsigned long long state = seed * 1000003ULL + 12345;
  for (double& x : out) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    x = static_cast<double>(state >> 33) / 1073741824.0 - 1;
  }
  return out;
}

inline bool is_close(double a, double b, double size) { return std::fabs(a - b) <= 1e-9 * (1 + size); }

/// Ends the program where two gradients of one case differ.
inline void require_equal(const std::string& name, double a, double b, const std::vector<double>& first,
                          const std::vector<double>& second) {
  double size = std::fabs(a);
  for (double x : first) size = std::fmax(size, std::fabs(x));
  bool equal = is_close(a, b, size) && first.size() == second.size();
  for (std::size_t i = 0; equal && i < first.size(); ++i) equal = is_close(first[i], second[i], size);
  if (equal) return;
  std::fprintf(stderr, "%s: the gradient differs from the one written by hand\n", name.c_str());
  std::exit(1);
}

/// A case under four names: value and gradient, ours and by hand. `Case` has `ours(threads)`, `our_gradient(threads)`,
/// `by_hand<WithGradient>()` and `gradient()`, what the last gradient was.
template <class Make> void add(const std::string& name, Make make) {
  const auto enter = [&](const std::string& what, int threads, auto call) {
    benchmark::RegisterBenchmark((name + "/" + what + "/threads:" + std::to_string(threads)).c_str(),
                                 [=](benchmark::State& state) {
                                   const auto problem = make();
                                   const double ours = problem->our_gradient(threads);
                                   const std::vector<double> first = problem->gradient();
                                   const double by_hand = problem->template by_hand<true>();
                                   require_equal(name, ours, by_hand, first, problem->gradient());
                                   for (auto _ : state) benchmark::DoNotOptimize(call(*problem));
                                 })
        ->UseRealTime()
        ->Unit(benchmark::kMicrosecond);
  };
  enter("hand value", 1, [](auto& problem) { return problem.template by_hand<false>(); });
  enter("hand gradient", 1, [](auto& problem) { return problem.template by_hand<true>(); });
  for (const int threads : {1, 2}) {
    enter("value", threads, [=](auto& problem) { return problem.ours(threads); });
    enter("gradient", threads, [=](auto& problem) { return problem.our_gradient(threads); });
  }
}

void add_sums();
void add_mixtures();
void add_large_mixtures();
void add_recurrences();

} // namespace functions_benchmark
