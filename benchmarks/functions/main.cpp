// SPDX-License-Identifier: MIT
// Values and gradients of functions of run-time length, beside the same written by hand; compare.py drives it beside
// other systems.
#include "case.hpp"

int main(int count, char** arguments) {
  functions_benchmark::add_sums();
  functions_benchmark::add_mixtures();
  functions_benchmark::add_large_mixtures();
  functions_benchmark::add_recurrences();
  benchmark::Initialize(&count, arguments);
  if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
