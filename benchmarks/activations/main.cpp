// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/activation_pass.hpp>
#include <fusegrad/layer/catalogue.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <fusegrad/tensor/buffer.hpp>
#include <string>
#include <string_view>
#include <utility>

// What an activation costs, forward and backward, in the kernels that a model runs where nothing is fused with it:
// nanoseconds for a thousand floats that lie in the first-level cache. benchmarks/activations/table.py makes the table
// of docs/activations.md of it.
namespace {

namespace fg = fusegrad;
namespace pass = fg::inspect;

constexpr std::size_t count = 2000;

template <class Pass> void measure(benchmark::State& state) {
  constexpr std::size_t arguments = pass::compiled_pass<Pass>::arguments;
  fg::tensor::buffer<float> inputs[arguments + 1], output(count);
  fg::kernel::call<float> c;
  c.rows = 1;
  c.columns = count;
  for (std::size_t k = 0; k < arguments; ++k) {
    inputs[k] = fg::tensor::buffer<float>(count);
    for (std::size_t i = 0; i < count; ++i)
      inputs[k][i] =
          static_cast<float>(static_cast<int>((i * 7919 + k * 104'729) % 2003) - 1001) / 334.0F; // within 3 of 0
    c.arguments[k] = {inputs[k].data(), count};
  }
  c.results[0] = {output.data(), count};
  for (auto _ : state) {
    for (std::size_t k = 0; k < arguments; ++k) benchmark::DoNotOptimize(inputs[k].data());
    benchmark::ClobberMemory();
    pass::run_pass<Pass>(c);
    benchmark::DoNotOptimize(output.data());
    benchmark::ClobberMemory();
  }
  state.counters["s/1000"] =
      benchmark::Counter(count / 1000.0, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

template <class Activation> void add(std::string_view name, const Activation&) {
  benchmark::RegisterBenchmark((std::string(name) + "/forward").c_str(), measure<pass::forward_pass<Activation>>);
  benchmark::RegisterBenchmark((std::string(name) + "/backward").c_str(), measure<pass::backward_pass<Activation>>);
}

} // namespace

int main(int argument_count, char** arguments) {
  fg::for_each_activation([](std::string_view name, const auto& activation) { add(name, activation); });
  // The same written by a user: expressions, and so kernels, are those of the built-in ones.
  add("own silu", fg::activation([](auto x) { return x / (1 + exp(-x)); }));
  add("own leaky_relu", fg::activation([](auto x) { return select(x > 0, x, 0.01 * x); }));
  // Another expression for the same function.
  add("x*tanh(softplus(x))", fg::activation([](auto x) { return x * tanh(softplus(x)); }));
  benchmark::Initialize(&argument_count, arguments);
  if (benchmark::ReportUnrecognizedArguments(argument_count, arguments)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
