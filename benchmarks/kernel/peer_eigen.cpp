// SPDX-License-Identifier: MIT
// Eigen: the product alone.
#include "shapes.hpp"

#define EIGEN_DONT_PARALLELIZE
#include <algorithm>
#include <Eigen/Core>

namespace benchmarks {
namespace {

using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

matrix random(std::size_t rows, std::size_t columns, std::size_t stream) {
  matrix m(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  const numbers all = filled(rows * columns, stream);
  std::copy(all.begin(), all.end(), m.data());
  return m;
}

void run(benchmark::State& state, shape s) {
  matrix x = random(s.rows, s.depth, 1), w = random(s.depth, s.columns, 2), y = random(s.rows, s.columns, 3);
  against_peak(state, s.operations(), [&] {
    launder(x.data());
    y.noalias() = x * w;
    launder(y.data());
  });
}

const bool registered = [] {
  for (const shape& s : wide_shapes) add_benchmark("eigen/" + s.name(), [=](auto& state) { run(state, s); });
  return true;
}();

} // namespace
} // namespace benchmarks
