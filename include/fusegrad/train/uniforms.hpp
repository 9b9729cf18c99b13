// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/graph/operand.hpp>
#include <fusegrad/train/loss_terms.hpp>
#include <span>

namespace fusegrad::train::inline FUSEGRAD_ABI {

/// Sets the numbers that are known when a step on some samples starts, at the places of `graph::uniform`; each term of
/// a loss is divided by its `normaliser`. In place: a copy would read vectors of numbers that were just written one by
/// one, and wait for all of them.
template <class Model, class T, class Loss, class Samples, class Indices>
constexpr void set_uniforms(std::array<T, graph::uniform_count>& out, const Loss& loss, const Samples& samples,
                            const Indices& indices) noexcept {
  using graph::uniform;
  const auto at = [&](uniform u) -> T& { return out[static_cast<std::size_t>(u)]; };
  const std::size_t batch = indices.size();
  const auto n = static_cast<double>(batch);
  at(uniform::one_over_batch) = static_cast<T>(1 / n);
  at(uniform::unbiased) = static_cast<T>(batch > 1 ? n / (n - 1) : 1);
  at(uniform::one) = T{1};
  for_each_term<Model, Loss>(samples, [&](auto term, const auto& of_term) FUSEGRAD_INLINE {
    using terms = loss_terms<Model, Loss>;
    const std::size_t width = terms::output_shape(term).size();
    const auto& one = terms::template get<term>(loss);
    if constexpr (plan::weighs_samples<Loss>) {
      double sum = 0;
      for (const std::uint32_t i : indices)
        sum += static_cast<double>(samples.weight(i)) *
               one.normaliser(of_term, std::span<const std::uint32_t>(&i, 1), width);
      at(graph::loss_scale_of(term)) = static_cast<T>(sum > 0 ? 1 / sum : 0); // of samples that do not count: nothing
    } else {
      at(graph::loss_scale_of(term)) = static_cast<T>(1 / one.normaliser(of_term, indices, width));
    }
  });
}
template <class Model, class T, class Loss, class Samples, class Indices>
constexpr std::array<T, graph::uniform_count> uniforms_of(const Loss& loss, const Samples& samples,
                                                          const Indices& indices) noexcept {
  std::array<T, graph::uniform_count> out{};
  set_uniforms<Model, T>(out, loss, samples, indices);
  return out;
}

} // namespace fusegrad::train::inline FUSEGRAD_ABI
