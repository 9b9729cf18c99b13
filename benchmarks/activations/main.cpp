// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/elementwise.hpp>
#include <fusegrad/layer/catalogue.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/graph/elementwise_derivative.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <string>
#include <string_view>
#include <utility>

// What an activation costs, forward and backward, in the kernels that a model runs where nothing is fused with it: nanoseconds for a
// thousand floats that lie in the first-level cache. benchmarks/activations/table.py makes the table of docs/activations.md of it.
namespace {

namespace fg = fusegrad;
namespace kernel = fg::kernel;

constexpr std::size_t count = 2000;

/// One elementwise expression of a graph, and how each of its arguments is read.
struct elementwise_case {
  fg::expr::expression f;
  fg::growing<kernel::access> accesses;
};

template <class Activation> struct forward_pass {
  static constexpr elementwise_case make() {
    elementwise_case out;
    const fg::expr::recording recorded = fg::expr::recording_of<typename Activation::source, 1>();
    out.f = recorded.body;
    out.accesses.push_back(kernel::access::element);
    for (std::size_t i = 0; i < recorded.leaves.size(); ++i) out.accesses.push_back(kernel::access::scalar);
    return out;
  }
};

/// dy times the derivative, from what the graph keeps.
template <class Activation> struct backward_pass {
  static constexpr elementwise_case make() {
    fg::emitter e;
    Activation::emit(e, e.input(fg::tensor::vector_of(1)));
    const fg::graph::operation op = e.result.operations.back();
    fg::graph::operand_list dy;
    dy.push_back({fg::graph::source::value, 0});
    fg::graph::elementwise_derivatives derivatives;
    const fg::graph::elementwise_gradient* found = derivatives.find(e.result, op, 0, dy);
    elementwise_case out;
    out.f = e.result.expressions[static_cast<std::size_t>(found->expression)];
    for (int used : found->used) {
      const auto i = static_cast<std::size_t>(used);
      const bool is_parameter = i < op.inputs.size() && op.inputs[i].from == fg::graph::source::parameter;
      out.accesses.push_back(is_parameter ? kernel::access::scalar : kernel::access::element);
    }
    return out;
  }
};

template <class Pass> struct made {
  struct only_expression {
    static constexpr fg::expr::expression make() { return Pass::make().f; }
  };
  static constexpr auto table = fg::expr::table_from<only_expression>;
  static constexpr std::size_t arguments = Pass::make().accesses.size();
  static constexpr auto accesses = [] {
    kernel::access_list<arguments> list;
    const elementwise_case from = Pass::make();
    for (std::size_t i = 0; i < arguments; ++i) list.items[i] = from.accesses[i];
    return list;
  }();
};

template <class Pass> [[gnu::noinline]] void run_kernel(const kernel::call<float>& c) noexcept {
  kernel::elementwise<float, made<Pass>::table, made<Pass>::accesses>::run(c);
}

template <class Pass> void measure(benchmark::State& state) {
  constexpr std::size_t arguments = made<Pass>::arguments;
  fg::tensor::buffer<float> inputs[arguments + 1], output(count);
  kernel::call<float> c;
  c.rows = 1;
  c.columns = count;
  for (std::size_t k = 0; k < arguments; ++k) {
    inputs[k] = fg::tensor::buffer<float>(count);
    for (std::size_t i = 0; i < count; ++i) inputs[k][i] = static_cast<float>(static_cast<int>((i * 7919 + k * 104'729) % 2003) - 1001) / 334.0F; // within 3 of 0
    c.arguments[k] = {inputs[k].data(), count};
  }
  c.results[0] = {output.data(), count};
  for (auto _ : state) {
    for (std::size_t k = 0; k < arguments; ++k) benchmark::DoNotOptimize(inputs[k].data());
    benchmark::ClobberMemory();
    run_kernel<Pass>(c);
    benchmark::DoNotOptimize(output.data());
    benchmark::ClobberMemory();
  }
  state.counters["s/1000"] = benchmark::Counter(count / 1000.0, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

template <class Activation> void add(std::string_view name, const Activation&) {
  benchmark::RegisterBenchmark((std::string(name) + "/forward").c_str(), measure<forward_pass<Activation>>);
  benchmark::RegisterBenchmark((std::string(name) + "/backward").c_str(), measure<backward_pass<Activation>>);
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
