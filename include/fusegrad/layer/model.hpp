// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/errors.hpp>

#include <concepts>
#include <cstddef>
#include <fusegrad/base/hana_names.hpp>
#include <fusegrad/layer/layer.hpp>
#include <fusegrad/layer/sequence.hpp>
#include <span>

namespace fusegrad {

template <class> struct network_plan;

namespace layers {

/// The base of every model.
struct model_base {};
template <class M>
concept exactly_a_model =
    __is_base_of(model_base, M); // std::derived_from is four classes for each model that `|` makes

/// What is a fact of the two ends of a model: `In` is what comes in, `Out` what the last layer hands on.
template <class In, class Out> struct model_ends : model_base {
  /// What comes in; a struct's names and numbers where it is one.
  using input_type = In;
  using output_type = Out;

  static constexpr std::size_t input_count() { return In::count; }
  /// How many values the last layer hands on: several where the model ends in branches.
  static constexpr std::size_t output_count() { return Out::count; }

  /// The shape of one sample, where there is one input; of all inputs one after the other where there are several.
  static constexpr tensor::extents input_shape() { return joined_shape<In>(); }
  static constexpr tensor::extents output_shape() { return joined_shape<Out>(); }
  static constexpr std::span<const tensor::extents> output_shapes() { return {Out::list, Out::count}; }
  /// The shape of one output of several.
  static constexpr tensor::extents output_shape(std::size_t output) { return Out::list[output]; }
  /// Where the numbers of one output begin among the output_size() of a sample.
  static constexpr std::size_t output_begin(std::size_t output) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < output; ++i) begin += Out::list[i].size();
    return begin;
  }
  static constexpr std::size_t input_size() { return input_shape().size(); }
  static constexpr std::size_t output_size() { return output_shape().size(); }

private:
  template <class Shapes> static constexpr tensor::extents joined_shape() {
    if (Shapes::count == 1) return Shapes::first;
    std::size_t size = 0;
    for (std::size_t i = 0; i < Shapes::count; ++i) size += Shapes::list[i].size();
    return tensor::vector_of(size);
  }
};

/// The layers of a model: looked for only where somebody asks.
template <class Model> struct layers_in;
template <class In, class Out, class... Layers> struct layers_in<model<In, Out, Layers...>> {
  using block = sequence<Layers...>;
  using tuple = hana::tuple<Layers...>;
};

/// The same model with one more layer, which makes `Made` of what came out.
template <class Made, class Next, class In, class Out, class... Layers>
model<In, Made, Layers..., Next> with_layer(const model<In, Out, Layers...>&);

/// What a model tells of its `Count` layers. It knows them by the model's name alone: g++ writes the arguments of a
/// class down again for each of its members, and `|` makes a class of as many arguments as there are layers so far.
template <class Model, std::size_t Count, class In, class Out> struct model_members : model_ends<In, Out> {
  /// The layers as a tuple of empty objects; who asks for it includes `fusegrad/base/hana.hpp`.
  static constexpr auto layers() { return typename layers_in<Model>::tuple{}; }
  static constexpr std::size_t layer_count() { return Count; }

  /// How many numbers are learned.
  static constexpr std::size_t parameter_count() { return network_plan<Model>::parameter_count(); }
  /// What is a fact of the model alone: parameters, floating-point operations and bytes for a sample, what backward
  /// keeps.
  static constexpr auto plan() { return network_plan<Model>{}; }

  /// Writes the whole model: its inputs and all layers; gives back its outputs.
  static constexpr wire emit(emitter& e) {
    wire in;
    for (std::size_t i = 0; i < In::count; ++i) in.push_back(e.input(In::list[i]));
    const wire out = layers_in<Model>::block::emit(e, in);
    // What blocks promise is nowhere else compared.
    e.keeps(graph::shape_rules::declared(tensor::vector_of(out.size()), tensor::vector_of(Out::count)));
    for (std::size_t i = 0; i < out.size() && i < Out::count; ++i)
      e.keeps(graph::shape_rules::declared(out[i].shape, Out::list[i]));
    return out;
  }
};

} // namespace layers

/// A network as a value whose type is the architecture: what comes in, and the layers in order. `Out` is what comes
/// out, carried along so that `|` has to look at the new layer only.
template <class In, class Out, class... Layers>
struct model : layers::model_members<model<In, Out, Layers...>, sizeof...(Layers), In, Out> {};

namespace layers {
/// What a layer makes at the end of a model; some look at the model's inputs, too.
template <class Next, class Position, class Inputs, class Out> constexpr auto checked_at_end() {
  if constexpr (requires { Next::template check_behind<Position, Inputs, Out>(); })
    return Next::template check_behind<Position, Inputs, Out>();
  else
    return checked<Next, Position, Out>();
}
} // namespace layers

/// Appends a layer; a shape that does not fit is refused here, with the layer's place. It takes a model whole: to find
/// the layers in it costs g++ several lists of all of them.
template <layers::exactly_a_model Model, class Next> constexpr auto operator|(const Model& so_far, const Next&) {
  if constexpr (!layers::any_layer<Next>) {
    using found = decltype(layers::detail::fault_of_layer<Next>());
    static_cast<void>(sizeof(typename found::error));
    return so_far;
  } else {
    using in = typename Model::input_type;
    using out = typename Model::output_type;
    // What fits does so anywhere: equal layers are looked at once. A place is for the words of an error.
    using made = decltype(layers::checked_at_end<Next, diagnostics::position<>, in, out>());
    if constexpr (layers::is_fault<made>) {
      using placed = decltype(layers::checked_at_end<Next, diagnostics::position<Model::layer_count()>, in, out>());
      static_cast<void>(sizeof(typename placed::error));
      return so_far;
    } else {
      return decltype(layers::with_layer<made, Next>(so_far)){};
    }
  }
}

namespace layers {
template <tensor::extents... Shapes> constexpr auto make_inputs() {
  if constexpr (((Shapes.size() == 0) || ...))
    static_cast<void>(sizeof(input_has_zero_width<diagnostics::got<Shapes.size()...>>));
  return model<wire_shapes<Shapes...>, wire_shapes<Shapes...>>{};
}
template <std::size_t... Extents> constexpr auto make_input() {
  constexpr std::size_t most = tensor::extents::largest_rank;
  if constexpr (sizeof...(Extents) > most) {
    static_cast<void>(sizeof(too_many_extents<diagnostics::got<Extents...>, diagnostics::needs<most>>));
    return model<wire_shapes<>, wire_shapes<>>{};
  } else {
    if constexpr (((Extents == 0) || ...))
      static_cast<void>(sizeof(input_has_zero_width<diagnostics::got<(Extents * ... * 1)>>));
    return model<wire_shapes<shape<Extents...>>, wire_shapes<shape<Extents...>>>{};
  }
}
} // namespace layers

/// A model: `input<...>` with layers behind it.
template <class M>
concept any_model = layers::is_model<std::remove_cvref_t<M>>;

/// The start of a model: one sample of this shape, rank 0 to 4.
template <std::size_t... Extents> inline constexpr auto input = layers::make_input<Extents...>();

/// The start of a model with several inputs, one after the other in each row of data: `inputs<shape<4>, shape<8>>`.
template <tensor::extents... Shapes> inline constexpr auto inputs = layers::make_inputs<Shapes...>();

} // namespace fusegrad
