// SPDX-License-Identifier: MIT
// The worker of the comparison with two of its cases, and without Google Benchmark.
#include "ours.hpp"

int main(int argc, char** argv) { return benchmarks::serve<benchmarks::ours>(argc, argv); }
