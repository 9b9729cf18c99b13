// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <fusegrad/layer/gated.hpp>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

struct largest_of_all {
  template <class First, class... Rest> constexpr auto operator()(First first, Rest... rest) const {
    auto largest = first;
    ((largest = expr::max(largest, rest)), ...);
    return largest;
  }
};

template <std::size_t Pieces> struct maxout_layer : layer {
  static_assert(Pieces >= 2 && Pieces <= 8, "fusegrad: maxout<pieces> takes the largest of 2 to 8 pieces");
  static constexpr std::string_view name = "maxout";
  static constexpr std::size_t parts = Pieces;
  template <class Shapes> using cure_for = cure_for_parts<Shapes>;

  static constexpr tensor::extents required_shape(tensor::extents got) { return divisible_shape<Pieces>(got); }
  static constexpr tensor::extents output_shape(tensor::extents in) {
    return tensor::with_columns(in, in.columns() / Pieces);
  }
  static constexpr row emit(emitter& e, const row& x) {
    return e.map_recorded<expr::recipe_of<largest_of_all>, Pieces>(equal_parts(e, x, Pieces), graph::sharing::shared);
  }
};

} // namespace layers

/// The largest of `Pieces` numbers, unit by unit: what comes in is `Pieces` vectors one after the other, and a unit
/// takes the largest of its numbers in all of them. At a tie the derivative belongs to the last. Goodfellow et al.
/// 2013.
template <std::size_t Pieces = 2> inline constexpr auto maxout = layers::maxout_layer<Pieces>{};

} // namespace fusegrad
