// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <cstddef>
#include <fusegrad/kernel/convolutions.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/math/square_root.hpp>
#include <string_view>
#include <type_traits>

namespace fusegrad {

namespace layers {

// Cures.
struct make_the_columns_a_multiple_of_the_heads;
struct reshape_it_to_positions_and_columns;

/// Each position is a mean of what all positions of its sequence hold, by how well its query fits their keys. Queries,
/// keys and values are products of the same value; `Heads` times over, each with its share of the columns. Parameters
/// are those of PyTorch's `nn.MultiheadAttention`: `in_proj_weight` [3 n][n] and `in_proj_bias` [3 n] for queries, keys
/// and values, `out_proj.weight` [n][n] and `out_proj.bias` [n]. Backward keeps the input, queries, keys, values, the
/// weights of the mean and what it makes. Vaswani et al. 2017.
template <std::size_t Heads, bool IsCausal, bool Bias> struct attention_layer : layer {
  static constexpr std::string_view name = IsCausal ? "causal self_attention" : "self_attention";
  static_assert(Heads > 0, "fusegrad: an attention has at least one head");
  template <class Shapes>
  using cure_for =
      diagnostics::fix<std::conditional_t<Shapes::first.rank == 2, make_the_columns_a_multiple_of_the_heads,
                                          reshape_it_to_positions_and_columns>>;

  /// The same layer in which a position sees those before it and itself.
  static constexpr auto causal() { return attention_layer<Heads, true, Bias>{}; }
  /// The same layer without the biases.
  static constexpr auto without_bias() { return attention_layer<Heads, IsCausal, false>{}; }

  static constexpr tensor::extents required_shape(tensor::extents got) {
    return tensor::matrix_of(got.positions(), (got.columns() + Heads - 1) / Heads * Heads);
  }
  static constexpr tensor::extents output_shape(tensor::extents in) { return in; }

  static constexpr row emit(emitter& e, const row& x) {
    using tensor::transposed_factor;
    const std::size_t columns = x.shape.columns();
    growing<std::size_t> thirds;
    for (int i = 0; i < 3; ++i) thirds.push_back(columns);
    const wire parts = e.split(product(e, x, "in_proj_weight", "in_proj_bias", 3 * columns), thirds);
    const row &queries = parts[0], &keys = parts[1], &values = parts[2];
    const row fits = e.scaled(e.value_product(queries, keys, transposed_factor::right_one, Heads),
                              1 / math::sqrt(static_cast<double>(columns / Heads)));
    const row weights = IsCausal ? e.causal_softmax(fits) : e.softmax(fits);
    const row means = e.value_product(weights, values, transposed_factor::none, Heads);
    return product(e, means, "out_proj.weight", "out_proj.bias", columns);
  }

private:
  static constexpr row product(emitter& e, const row& x, std::string_view weight, std::string_view bias,
                               std::size_t out) {
    const std::size_t in = x.shape.columns();
    const row sums = e.matrix_product(x, e.parameter(weight, tensor::matrix_of(out, in), init::variance_preserving()));
    if constexpr (!Bias) return sums;
    return e.map([](auto sum, auto b) { return sum + b; }, sums,
                 e.parameter(bias, tensor::vector_of(out), init::zeros));
  }
};

} // namespace layers

/// Self-attention of `Heads` heads over a sequence [positions][columns]: `self_attention<4>`,
/// `self_attention<4>.causal()`, `self_attention<4>.without_bias()`.
template <std::size_t Heads> inline constexpr auto self_attention = layers::attention_layer<Heads, false, true>{};

} // namespace fusegrad
