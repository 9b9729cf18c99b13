// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/graph/column_reader.hpp>
#include <fusegrad/graph/staged_expression.hpp>
#include <fusegrad/layer/behind_model.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/model.hpp>
#include <string_view>

namespace fusegrad {

namespace layers {

/// A function of all numbers that come in, then of the model's inputs; its named parameters are learned.
template <class Recipe> struct output_transform_layer : layer {
  static constexpr std::string_view name = "output_transform";
  static constexpr std::size_t arguments = Recipe::arity;

  template <class Position, class In> static constexpr auto check() {
    return fault<layer_stands_behind_a_model<in_words<output_transform_layer>, Position>>{};
  }
  template <class Position, class Inputs, class In> static constexpr auto check_behind() {
    constexpr std::size_t needed = total_size<In>() + total_size<Inputs>();
    if constexpr (arguments != needed)
      return fault<
          output_transform_does_not_fit_model<Position, diagnostics::got<arguments>, diagnostics::needs<needed>>>{};
    else if constexpr (!has_only_parameters())
      return fault<output_transform_has_derivatives<Recipe, Position>>{};
    else
      return wire_shapes<tensor::vector_of(expr::recorded<Recipe, arguments>.body.result_count)>{};
  }

  static constexpr wire emit(emitter& e, const wire& in) {
    const expr::recording f = expr::recording_of<Recipe, arguments>();
    graph::column_reader column(e);
    const wire inputs = e.inputs();
    std::size_t width = 0;
    for (const row& one : in) width += one.shape.size();
    growing<graph::operand> parameters;
    for (const expr::named_leaf& leaf : f.leaves)
      parameters.push_back(e.parameter(leaf.name, tensor::vector_of(1), init::constant(leaf.initial)));
    const auto argument = [&](std::size_t place) {
      if (place >= arguments) return parameters[place - arguments];
      return place < width ? column(in, place) : column(inputs, place - width);
    };
    wire results, out;
    for (std::size_t k = 0; k < f.body.results.size(); ++k) results.push_back(result(e, f, k, argument));
    out.push_back(results.size() == 1 ? results[0] : e.concat(results));
    return out;
  }

private:
  static constexpr bool has_only_parameters() {
    for (const expr::named_leaf& leaf : expr::leaves_of<Recipe, arguments>())
      if (leaf.kind != expr::leaf_kind::parameter) return false;
    return true;
  }
  template <class Argument>
  static constexpr row result(emitter& e, const expr::recording& f, std::size_t which, const Argument& argument) {
    const std::size_t places = arguments + f.leaves.size();
    expr::builder b;
    growing<int> all, one;
    for (std::size_t i = 0; i < places; ++i) all.push_back(b.argument(static_cast<int>(i)));
    one.push_back(expr::inline_into(b, f.body, all)[which]);
    expr::expression body = expr::compact(b, one, static_cast<int>(places));
    growing<graph::operand> reads;
    for (int place : expr::keep_used_arguments(body)) reads.push_back(argument(static_cast<std::size_t>(place)));
    return graph::staged_expression(e, body, reads, tensor::vector_of(1)).write();
  }
};

template <class Recipe> constexpr auto make_output_transform() {
  static_cast<void>(sizeof(typename expr::fault_of_call<Recipe, Recipe::arity>::error));
  return output_transform_layer<Recipe>{};
}

} // namespace layers

/// Behind a model: what a generic function makes of its outputs and inputs, called with one number for each, outputs
/// first. What is known of a solution is built in so: `net | output_transform([](auto u, auto x) { return x * (1 - x) *
/// u; })` is 0 at both ends whatever the net puts out, and equations and derivatives see that. Several results are
/// `values(a, b)`.
template <class F> constexpr auto output_transform(F) { return layers::make_output_transform<expr::recipe_of<F>>(); }

} // namespace fusegrad
