// SPDX-License-Identifier: MIT
// Layers with so few outputs that sums run along vectors of inputs.
#include "shapes.hpp"

#include <fusegrad/kernel/narrow_product.hpp>

namespace benchmarks {
namespace {

using fusegrad::kernel::access;
using biased = decltype([](auto x, auto bias) { return x + bias; });

template <std::size_t Columns> void run(benchmark::State& state, shape s) {
  numbers x = filled(size_of_rows(s.rows, s.depth)), w = filled(size_of_panels(s.columns, s.depth), 2),
          y = filled(size_of_rows(s.rows, s.columns)), bias = filled(fusegrad::kernel::padded<float>(s.columns), 3);
  fusegrad::kernel::call<float> c;
  c.rows = s.rows, c.depth = s.depth, c.columns = s.columns;
  c.left = x.data(), c.right = w.data();
  c.arguments[1] = {bias.data(), 0};
  c.results[0] = {y.data(), fusegrad::kernel::row_stride<float>(s.columns)};
  against_peak(state, s.operations(), [&] {
    launder(x.data());
    fusegrad::kernel::narrow_product<float, static_cast<int>(Columns), table_of<biased, 2>,
                                     read_as<access::product, access::column>>::run(c);
    launder(y.data());
  });
}

const bool registered = [] {
  for_each_shape<narrow_shapes>([](auto i) {
    constexpr shape s = narrow_shapes[i];
    add_benchmark("narrow_product/" + s.name(), [=](auto& state) { run<s.columns>(state, s); });
  });
  return true;
}();

} // namespace
} // namespace benchmarks
