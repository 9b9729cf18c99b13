// SPDX-License-Identifier: MIT
// libxsmm: the product alone, by code made for its shape at run time. It is meant for small matrices.
#include "shapes.hpp"

#include <libxsmm.h>

namespace benchmarks {
namespace {

void run(benchmark::State& state, shape s) {
  numbers x = filled(s.rows * s.depth), w = filled(s.depth * s.columns, 2), y = filled(s.rows * s.columns, 3);
  // Matrices by columns: of the transposed product.
  const auto m = static_cast<libxsmm_blasint>(s.columns), n = static_cast<libxsmm_blasint>(s.rows),
             k = static_cast<libxsmm_blasint>(s.depth);
  const float one = 1, zero = 0;
  const libxsmm_smmfunction multiply =
      libxsmm_smmdispatch(m, n, k, nullptr, nullptr, nullptr, &one, &zero, nullptr, nullptr);
  if (multiply == nullptr) return state.SkipWithError("libxsmm makes no code for this shape");
  against_peak(state, s.operations(), [&] {
    launder(x.data());
    multiply(w.data(), x.data(), y.data());
    launder(y.data());
  });
}

const bool registered = [] {
  for (const shape& s : wide_shapes) add_benchmark("libxsmm/" + s.name(), [=](auto& state) { run(state, s); });
  return true;
}();

} // namespace
} // namespace benchmarks
