// SPDX-License-Identifier: MIT
// Kernels that memory limits: sums over samples, expressions over rows, transposes, the loss.
#include "shapes.hpp"

#include <fusegrad/kernel/elementwise.hpp>
#include <fusegrad/kernel/softmax.hpp>
#include <fusegrad/kernel/sums.hpp>
#include <fusegrad/kernel/transpose.hpp>

namespace benchmarks {
namespace {

using fusegrad::kernel::access;
using call = fusegrad::kernel::call<float>;

/// Rows of a width.
struct extent {
  std::size_t rows, columns;
  std::size_t bytes() const { return rows * fusegrad::kernel::padded<float>(columns) * sizeof(float); }
  std::string name() const { return std::to_string(rows) + 'x' + std::to_string(columns); }
};

/// A call with two rows arguments and three rows results.
struct prepared {
  numbers memory[5];
  call c;
  explicit prepared(extent e) {
    c.rows = e.rows, c.columns = e.columns;
    const std::size_t stride = fusegrad::kernel::row_stride<float>(e.columns);
    for (std::size_t i = 0; i < 5; ++i) {
      memory[i] = filled(size_of_rows(e.rows, e.columns), i);
      (i < 2 ? c.arguments[i] : c.results[i - 2]) = {memory[i].data(), stride};
    }
    c.left = memory[0].data();
  }
};

template <class Kernel>
void run(benchmark::State& state, extent e, std::size_t read, std::size_t written, Kernel&& kernel) {
  prepared p(e);
  against_memory(state, read, written, [&] {
    launder(p.memory[0].data());
    kernel(p);
    launder(p.memory[2].data());
  });
}

template <class F, std::size_t Arity, auto Accesses> void add_elementwise(const std::string& name, extent e) {
  add_benchmark(name + e.name(), [=](benchmark::State& state) {
    run(state, e, Arity * e.bytes(), e.bytes(),
        [](prepared& p) { fusegrad::kernel::elementwise<float, table_of<F, Arity>, Accesses>::run(p.c); });
    state.counters["elements"] = static_cast<double>(e.rows * e.columns);
  });
}

using kept = decltype([](auto x) { return x; });
using slope_of_sigmoid = decltype([](auto dy, auto y) { return dy * y * (1 - y); });
using exponential = decltype([](auto x) { return exp(x); });
using tangent = decltype([](auto x) { return tanh(x); });
using logistic = decltype([](auto x) { return fusegrad::expr::sigmoid(x); });

void transpose(benchmark::State& state, extent e) {
  numbers from = filled(size_of_panels(e.rows, e.columns)), to = filled(size_of_panels(e.columns, e.rows));
  against_memory(state, e.bytes(), e.bytes(), [&] {
    launder(from.data());
    fusegrad::kernel::transpose(from.data(), to.data(), e.rows, e.columns, 0,
                                fusegrad::kernel::transpose_strips<float>(e.rows));
    launder(to.data());
  });
}

const bool registered = [] {
  for (const extent e : {extent{64, 10}, {256, 16}, {64, 32}, {64, 100}, {128, 64}, {128, 512}, {4096, 64}}) {
    add_benchmark("column_sum/" + e.name(), [=](benchmark::State& state) {
      numbers sums = filled(fusegrad::kernel::padded<float>(e.columns));
      run(state, e, e.bytes(), 64, [&](prepared& p) {
        p.c.gradient = sums.data();
        p.c.results[0] = {sums.data(), 0};
        fusegrad::kernel::column_sum<float, table_of<kept, 1>, read_as<access::product>>::run(p.c);
      });
    });
    add_elementwise<slope_of_sigmoid, 2, read_as<access::element, access::element>>("elementwise/slope_of_sigmoid/", e);
    add_elementwise<exponential, 1, read_as<access::element>>("elementwise/exp/", e);
    add_elementwise<tangent, 1, read_as<access::element>>("elementwise/tanh/", e);
    add_elementwise<logistic, 1, read_as<access::element>>("elementwise/sigmoid/", e);
  }
  for (const extent e : {extent{64, 10}, {128, 10}, {1024, 5}, {128, 64}})
    add_benchmark("softmax_cross_entropy/" + e.name(), [=](benchmark::State& state) {
      run(state, e, 2 * e.bytes(), e.bytes(), [](prepared& p) { fusegrad::kernel::softmax_cross_entropy(p.c); });
    });
  for (const extent e : {extent{64, 64}, {100, 100}, {128, 10}, {512, 512}, {500, 250}})
    add_benchmark("transpose/" + e.name(), [=](benchmark::State& state) { transpose(state, e); });
  return true;
}();

} // namespace
} // namespace benchmarks
