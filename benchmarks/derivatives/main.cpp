// SPDX-License-Identifier: MIT
// Training steps on losses of a net's derivatives; compare_derivatives.py drives it beside PyTorch and JAX.
//   benchmark_derivatives --check FOLDER   writes each net's weights, and prints losses and what tells gradients apart
#include "problem.hpp"

#include <string_view>

int main(int count, char** arguments) {
  using namespace fusegrad_benchmark;
  std::vector<derivatives_case> cases;
  for (const auto more : {burgers_cases, laplacian_2_cases, laplacian_10_cases, laplacian_50_cases, forces_cases})
    for (const derivatives_case& c : more()) cases.push_back(c);
  if (count == 3 && std::string_view(arguments[1]) == "--check") {
    for (const derivatives_case& c : cases) c.check(c.name, arguments[2]);
    return 0;
  }
  for (const derivatives_case& c : cases)
    for (const int threads : {1, 2})
      benchmark::RegisterBenchmark((c.name + "/threads:" + std::to_string(threads)).c_str(),
                                   [&c, threads](benchmark::State& state) { c.train(state, threads); })
          ->UseRealTime();
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
