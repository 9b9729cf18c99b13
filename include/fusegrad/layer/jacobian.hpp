// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/graph/input_gradient.hpp>
#include <fusegrad/graph/tangent.hpp>
#include <fusegrad/layer/behind_model.hpp>
#include <fusegrad/layer/derivatives.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/model.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// What comes in by each column of the model's inputs: [outputs][inputs].
struct jacobian_layer : layer {
  static constexpr std::string_view name = "jacobian";

  template <class Position, class In> static constexpr auto check() {
    return fault<layer_stands_behind_a_model<in_words<jacobian_layer>, Position>>{};
  }
  template <class Position, class Inputs, class In> static constexpr auto check_behind() {
    if constexpr (In::count != 1)
      return fault<
          wrong_number_of_values<in_words<jacobian_layer>, Position, diagnostics::got<In::count>, diagnostics::needs<1>,
                                 diagnostics::fix<insert_concat_or_add_or_multiply_before_it>>>{};
    else
      return wire_shapes<tensor::matrix_of(In::first.size(), total_size<Inputs>())>{};
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    const std::size_t outputs = in[0].shape.size();
    wire columns;
    if (outputs == 1) {
      for (const row& slope : graph::input_gradient(e, in[0]))
        columns.push_back(e.reshape(slope, tensor::matrix_of(1, slope.shape.size())));
    } else {
      graph::tangent_pass pass(e);
      std::size_t count = 0;
      for (const tensor::extents& shape : e.result.inputs) count += shape.size();
      for (std::size_t k = 0; k < count; ++k) {
        growing<std::int32_t> by;
        by.push_back(static_cast<std::int32_t>(k));
        columns.push_back(e.reshape(pass.derivative(in[0], by), tensor::matrix_of(outputs, 1)));
      }
    }
    wire out;
    out.push_back(columns.size() == 1 ? columns[0] : e.concat(columns));
    return out;
  }
};

/// The sum of the derivatives of output k by input k: one number.
struct divergence_layer : layer {
  static constexpr std::string_view name = "divergence";

  template <class Position, class In> static constexpr auto check() {
    return fault<layer_stands_behind_a_model<in_words<divergence_layer>, Position>>{};
  }
  template <class Position, class Inputs, class In> static constexpr auto check_behind() {
    if constexpr (total_size<In>() != total_size<Inputs>())
      return fault<shape_mismatch<in_words<divergence_layer>, Position, diagnostics::got<total_size<In>()>,
                                  diagnostics::needs<total_size<Inputs>()>, diagnostics::fix<>>>{};
    else
      return wire_shapes<tensor::vector_of(1)>{};
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    const row all = in.size() == 1 ? in[0] : e.concat(in);
    const std::size_t count = all.shape.size();
    growing<std::size_t> ones;
    for (std::size_t k = 0; k < count; ++k) ones.push_back(1);
    graph::tangent_pass pass(e);
    wire terms;
    for (std::size_t k = 0; k < count; ++k) {
      growing<std::int32_t> by;
      by.push_back(static_cast<std::int32_t>(k));
      const row slope = e.reshape(pass.derivative(all, by), tensor::vector_of(count));
      terms.push_back(count == 1 ? slope : e.split(slope, ones)[k]);
    }
    wire out;
    out.push_back(count == 1 ? terms[0] : e.row_sum(e.concat(terms)));
    return out;
  }
};

} // namespace layers

/// A model of the derivatives of a net's outputs by its inputs, [outputs][inputs].
template <class In, class Out, class... Layers> constexpr auto jacobian(const model<In, Out, Layers...>& net) {
  return net | layers::jacobian_layer{};
}
/// A model of the divergence of a field: the sum of the derivatives of output k by input k.
template <class In, class Out, class... Layers> constexpr auto divergence(const model<In, Out, Layers...>& net) {
  return net | layers::divergence_layer{};
}

} // namespace fusegrad
