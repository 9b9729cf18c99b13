// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <fusegrad/graph/operand.hpp>

namespace fusegrad::train {

/// The numbers that are known when a step on `batch` samples starts, at the places of `graph::uniform`; a loss is
/// divided by its `normaliser`.
template <class T>
constexpr std::array<T, graph::uniform_count> uniforms_of(std::size_t batch, double normaliser) noexcept {
  using graph::uniform;
  std::array<T, graph::uniform_count> out{};
  const auto at = [&](uniform u) -> T& { return out[static_cast<std::size_t>(u)]; };
  const auto n = static_cast<double>(batch);
  at(uniform::one_over_batch) = static_cast<T>(1 / n);
  at(uniform::loss_scale) = static_cast<T>(1 / normaliser);
  at(uniform::unbiased) = static_cast<T>(batch > 1 ? n / (n - 1) : 1);
  at(uniform::one) = T{1};
  return out;
}

} // namespace fusegrad::train
