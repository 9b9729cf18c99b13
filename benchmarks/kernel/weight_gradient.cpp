// SPDX-License-Identifier: MIT
// Gradients of weights: stored, and used at once by gradient descent.
#include "shapes.hpp"

#include <fusegrad/kernel/weight_gradient.hpp>

namespace benchmarks {
namespace {

using fusegrad::kernel::access;
using kept = decltype([](auto x) { return x; });
using descent = decltype([](auto w, auto g, auto rate) { return w - rate * g; });

template <class F, std::size_t Arity, auto Accesses, std::size_t Columns> void run(benchmark::State& state, shape s) {
  numbers x = filled(size_of_rows(s.rows, s.depth)), dy = filled(size_of_rows(s.rows, s.columns), 2),
          w = filled(size_of_panels(s.depth, s.columns), 3);
  float rate = 0; // the weight may not drift away while it is updated a million times
  launder(&rate);
  fusegrad::kernel::call<float> c;
  c.rows = s.rows, c.depth = s.depth, c.columns = s.columns;
  c.left = x.data(), c.right = dy.data();
  c.last_unit = fusegrad::kernel::weight_units<float>(s.depth, s.columns);
  c.gradient = w.data();
  c.arguments[0] = {w.data(), 0};
  c.arguments[2] = {&rate, 0};
  c.results[0] = {w.data(), 0};
  against_peak(state, s.operations(), [&] {
    launder(x.data());
    fusegrad::kernel::weight_gradient<float, fusegrad::kernel::tiles_for<float>(Columns), table_of<F, Arity>,
                                      Accesses>::run(c);
    launder(w.data());
  });
}

const bool registered = [] {
  for_each_shape<wide_shapes>([](auto i) {
    constexpr shape s = wide_shapes[i];
    add_benchmark("weight_gradient/kept/" + s.name(),
                  [=](auto& state) { run<kept, 1, read_as<access::product>, s.columns>(state, s); });
    add_benchmark("weight_gradient/updated/" + s.name(), [=](auto& state) {
      run<descent, 3, read_as<access::element, access::product, access::scalar>, s.columns>(state, s);
    });
  });
  return true;
}();

} // namespace
} // namespace benchmarks
