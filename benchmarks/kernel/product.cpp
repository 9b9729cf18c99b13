// SPDX-License-Identifier: MIT
// A layer forward with three epilogues, and the gradient of its input.
#include "shapes.hpp"

#include <fusegrad/kernel/product.hpp>

namespace benchmarks {
namespace {

using fusegrad::kernel::access;
using kept = decltype([](auto x) { return x; });
using relu = decltype([](auto x, auto bias) { return max(x + bias, 0); });
using sigmoid = decltype([](auto x, auto bias) { return fusegrad::expr::sigmoid(x + bias); });
using slope_of_relu = decltype([](auto x, auto y) { return select(y > 0, x, 0); });

/// `x` has one row more than needed at most; `other` is the bias, or what the derivative is computed from.
template <class F, std::size_t Arity, auto Accesses, std::size_t Columns> void run(benchmark::State& state, shape s) {
  numbers x = filled(size_of_rows(s.rows, s.depth)), w = filled(size_of_panels(s.depth, s.columns), 2),
          y = filled(size_of_rows(s.rows, s.columns)), other = filled(size_of_rows(s.rows, s.columns), 3);
  fusegrad::kernel::call<float> c;
  const std::size_t stride = fusegrad::kernel::row_stride<float>(s.columns);
  c.rows = s.rows, c.depth = s.depth, c.columns = s.columns;
  c.left = x.data(), c.right = w.data();
  c.arguments[1] = {other.data(), stride};
  c.results[0] = {y.data(), stride};
  against_peak(state, s.operations(), [&] {
    launder(x.data());
    fusegrad::kernel::product<float, fusegrad::kernel::tiles_for<float>(Columns), table_of<F, Arity>, Accesses>::run(c);
    launder(y.data());
  });
}

const bool registered = [] {
  for_each_shape<wide_shapes>([](auto i) {
    constexpr shape forward = wide_shapes[i];
    constexpr auto biased = read_as<access::product, access::column>;
    add_benchmark("product/identity/" + forward.name(),
                  [=](auto& s) { run<kept, 1, read_as<access::product>, forward.columns>(s, forward); });
    add_benchmark("product/relu/" + forward.name(),
                  [=](auto& s) { run<relu, 2, biased, forward.columns>(s, forward); });
    add_benchmark("product/sigmoid/" + forward.name(),
                  [=](auto& s) { run<sigmoid, 2, biased, forward.columns>(s, forward); });
    // Backward the gradient of the outputs comes in: as many columns as the layer has inputs.
    constexpr shape backward{forward.from, forward.rows, forward.columns, forward.depth};
    add_benchmark("product/backward/" + backward.name(), [=](auto& s) {
      run<slope_of_relu, 2, read_as<access::product, access::element>, backward.columns>(s, backward);
    });
  });
  return true;
}();

} // namespace
} // namespace benchmarks
