// SPDX-License-Identifier: MIT
// OpenBLAS: the product alone, on rows without padding.
#include "shapes.hpp"

#include <cblas.h>

namespace benchmarks {
namespace {

void run(benchmark::State& state, shape s) {
  openblas_set_num_threads(1);
  numbers x = filled(s.rows * s.depth), w = filled(s.depth * s.columns, 2), y = filled(s.rows * s.columns, 3);
  const int m = static_cast<int>(s.rows), n = static_cast<int>(s.columns), k = static_cast<int>(s.depth);
  against_peak(state, s.operations(), [&] {
    launder(x.data());
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, x.data(), k, w.data(), n, 0, y.data(), n);
    launder(y.data());
  });
}

const bool registered = [] {
  // Some machines set OPENBLAS_CORETYPE, and slow it down.
  benchmark::AddCustomContext("openblas_kernels", openblas_get_corename());
  for (const shape& s : wide_shapes) add_benchmark("openblas/" + s.name(), [=](auto& state) { run(state, s); });
  return true;
}();

} // namespace
} // namespace benchmarks
