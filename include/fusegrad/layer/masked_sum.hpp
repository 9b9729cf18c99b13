// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// The sum of each column over all positions, such as the atoms of a structure; each position times a number of the
/// second value, where two come in: 1 for what is there, 0 for what only fills up.
struct masked_sum_layer : layer {
  static constexpr std::string_view name = "masked_sum";

  template <class Position, class In> static constexpr auto check() {
    constexpr tensor::extents summed = tensor::vector_of(In::first.columns());
    if constexpr (In::count > 2)
      return fault<wrong_number_of_values<in_words<masked_sum_layer>, Position, diagnostics::got<In::count>,
                                          diagnostics::needs<2>,
                                          diagnostics::fix<insert_concat_or_add_or_multiply_before_it>>>{};
    else if constexpr (In::count == 2 && In::list[1].size() != In::first.positions())
      return fault<mask_of_other_positions<Position, detail::got<In, 1>, diagnostics::needs<In::first.positions()>>>{};
    else
      return wire_shapes<summed>{};
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    row summed = in[0];
    if (in.size() == 2) {
      const row mask = e.reshape(in[1], tensor::with_columns(in[0].shape, 1));
      summed = e.map([](auto x, auto share) { return x * share; }, in[0], mask);
      summed.shape = in[0].shape;
    }
    wire out;
    out.push_back(e.position_sum(summed));
    return out;
  }
};

} // namespace layers

/// The sum over positions of [positions][columns]; of two values: of the first, each position times a number of the
/// second, of which there are as many. Structures of different sizes are filled up with finite numbers, and masked:
/// `inputs<shape<9, 4>, shape<9>> | each(dense<16> | tanh | dense<1>, identity) | masked_sum`.
inline constexpr auto masked_sum = layers::masked_sum_layer{};

} // namespace fusegrad
