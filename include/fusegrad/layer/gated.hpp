// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/layer.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

// Cures.
struct make_the_width_a_multiple_of_the_number_of_parts;

/// The shape that a layer needs which cuts a vector into `Parts` equal parts: the next one that can be cut.
template <std::size_t Parts> constexpr tensor::extents divisible_shape(tensor::extents got) {
  return tensor::with_columns(got, (got.columns() + Parts - 1) / Parts * Parts);
}
template <class Shapes> using cure_for_parts = diagnostics::fix<make_the_width_a_multiple_of_the_number_of_parts>;

/// Consecutive parts of equal width.
constexpr graph::operand_list equal_parts(emitter& e, const row& x, std::size_t parts) {
  growing<std::size_t> widths;
  for (std::size_t i = 0; i < parts; ++i) widths.push_back(x.shape.columns() / parts);
  graph::operand_list out;
  for (const row& part : e.split(x, widths)) out.push_back(part.value);
  return out;
}

template <class Gate> struct gated_product {
  template <class Value, class Control> constexpr auto operator()(Value value, Control control) const {
    return value * expr::traced_function<Gate>{}(control);
  }
};

template <fixed_string Name, class Gate, graph::sharing Sharing> struct gated_layer : layer {
  static constexpr std::string_view name = Name.view();
  static constexpr std::size_t parts = 2;
  template <class Shapes> using cure_for = cure_for_parts<Shapes>;

  static constexpr tensor::extents required_shape(tensor::extents got) { return divisible_shape<parts>(got); }
  static constexpr tensor::extents output_shape(tensor::extents in) {
    return tensor::with_columns(in, in.columns() / parts);
  }
  static constexpr row emit(emitter& e, const row& x) {
    return e.map_recorded<expr::recipe_of<gated_product<Gate>>, 2>(equal_parts(e, x, parts), Sharing);
  }
};

template <fixed_string Name, class Recipe, graph::sharing Sharing>
constexpr auto make_gated(const activation_layer<Recipe, Sharing>&) {
  return gated_layer<Name, Recipe, Sharing>{};
}

} // namespace layers

/// a f(b), where a is the first half of what comes in and b the second: PyTorch's order. Makes half as many numbers;
/// the parameters of the gate are learned. `dense<2 * n> | gated(mish)` is a gated layer of n units.
template <class Gate> constexpr auto gated(const Gate& gate) {
  if constexpr (layers::any_layer<Gate>)
    return layers::make_gated<"gated">(gate);
  else
    return layers::make_gated<"gated">(activation(gate));
}
/// a sigmoid(b). Dauphin et al. 2017.
inline constexpr auto glu = layers::make_gated<"glu">(sigmoid);
/// a relu(b). This and the next three: Shazeer 2020.
inline constexpr auto reglu = layers::make_gated<"reglu">(relu);
/// a gelu(b), the exact form.
inline constexpr auto geglu = layers::make_gated<"geglu">(gelu);
/// a silu(b).
inline constexpr auto swiglu = layers::make_gated<"swiglu">(silu);
/// a b.
inline constexpr auto bilinear = layers::make_gated<"bilinear">(identity);

} // namespace fusegrad
