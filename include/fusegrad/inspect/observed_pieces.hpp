// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/inspect/observed.hpp>
#include <fusegrad/math/square_root.hpp>
#include <fusegrad/math/vector.hpp>

namespace fusegrad::inspect {

/// Squares of one stretch of a parameter, its gradient and its update.
struct observed_piece {
  double gradient = 0, weight = 0, update = 0;
  void add_to(parameter_norms& squares) const noexcept {
    squares.gradient += gradient;
    squares.weight += weight;
    squares.update += update;
  }
};

/// From sums of squares to norms.
inline parameter_norms roots_of(const parameter_norms& squares) noexcept {
  return {math::sqrt(squares.gradient), math::sqrt(squares.weight), math::sqrt(squares.update)};
}

/// Runs an update of `size` weights, a multiple of a vector and at most `Largest`, and looks at it.
template <std::size_t Largest, class T, class Update>
observed_piece observe_update(const T* weights, const T* gradient, std::size_t size, Update&& update) noexcept {
  using vector = math::vector<T>;
  constexpr auto lanes = static_cast<std::size_t>(vector::lanes);
  alignas(64) T before[Largest];
  vector gradient_squares(T{0}), weight_squares(T{0}), update_squares(T{0});
  for (std::size_t i = 0; i < size; i += lanes) {
    const vector g = vector::load_aligned(gradient + i), w = vector::load_aligned(weights + i);
    w.store_aligned(before + i);
    gradient_squares += g * g;
    weight_squares += w * w;
  }
  update();
  for (std::size_t i = 0; i < size; i += lanes) {
    const vector change = vector::load_aligned(weights + i) - vector::load_aligned(before + i);
    update_squares += change * change;
  }
  return {static_cast<double>(sum(gradient_squares)), static_cast<double>(sum(weight_squares)),
          static_cast<double>(sum(update_squares))};
}

} // namespace fusegrad::inspect
