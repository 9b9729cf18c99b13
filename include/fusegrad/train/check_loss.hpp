// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <cstddef>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/sequence.hpp>
#include <fusegrad/train/coefficients.hpp>
#include <fusegrad/train/loss_terms.hpp>
#include <type_traits>
#include <utility>

namespace fusegrad {

namespace detail {

template <std::size_t Place, class Layer> struct placed {
  using type = Layer;
};
// Found by its place among base classes: Clang refuses folds over more than 256 layers.
template <class Places, class... Layers> struct placed_layers;
template <std::size_t... Place, class... Layers>
struct placed_layers<std::index_sequence<Place...>, Layers...> : placed<Place, Layers>... {};
template <std::size_t Place, class Layer> placed<Place, Layer> layer_at(const placed<Place, Layer>&);

template <std::size_t Place, class... Layers>
using nth_layer = typename decltype(layer_at<Place>(
    std::declval<const placed_layers<std::index_sequence_for<Layers...>, Layers...>&>()))::type;

/// The layer that makes an output, as far as it can be seen: the last one, of its branch where the model ends in some.
template <class Layer> struct last_layer {
  template <std::size_t> using of_output = Layer;
};
template <> struct last_layer<layers::sequence<>> {
  template <std::size_t> using of_output = layer;
};
template <class... Layers> struct last_layer<layers::sequence<Layers...>> {
  static constexpr bool holds_coefficients = layers::holds_coefficients<nth_layer<sizeof...(Layers) - 1, Layers...>>;
  static constexpr std::size_t place = sizeof...(Layers) - (holds_coefficients && sizeof...(Layers) > 1 ? 2 : 1);
  template <std::size_t Output>
  using of_output = typename last_layer<nth_layer<place, Layers...>>::template of_output<Output>;
};
template <class... Branches> struct last_layer<layers::branch_layer<Branches...>> {
  template <std::size_t Output>
  using of_output =
      typename last_layer<nth_layer<(Output < sizeof...(Branches) ? Output : 0), Branches...>>::template of_output<0>;
};

template <class Model> struct layers_of;
template <class In, class Out, class... Layers> struct layers_of<model<In, Out, Layers...>> {
  using type = layers::sequence<Layers...>;
};

template <class Loss, tensor::extents Shape, class Last> constexpr void check_loss_of_output() {
  constexpr std::size_t outputs = Shape.size();
  if constexpr (requires { Loss::class_count; }) {
    if constexpr (outputs < 2)
      static_cast<void>(sizeof(
          loss_does_not_fit_output<diagnostics::got<outputs>, diagnostics::needs<2>,
                                   diagnostics::fix<train::use_binary_cross_entropy_or_one_output_for_each_class>>));
    else if constexpr (Shape.positions() != 1)
      static_cast<void>(sizeof(
          classes_are_no_vector<layers::detail::got<layers::wire_shapes<Shape>>,
                                diagnostics::fix<train::insert_flatten_or_a_global_pool_before_the_last_dense>>));
    else if constexpr (Loss::class_count != 0 && Loss::class_count != outputs)
      static_cast<void>(
          sizeof(class_weights_do_not_match_outputs<diagnostics::got<Loss::class_count>, diagnostics::needs<outputs>,
                                                    diagnostics::fix<train::give_one_weight_for_each_output>>));
  }
  if constexpr (requires { typename Loss::contains; }) {
    if constexpr (Loss::contains::template has<Last>)
      static_cast<void>(
          sizeof(loss_wants_logits<layers::in_words<Last>, diagnostics::fix<train::leave_out_the_last_layer>>));
  }
}

} // namespace detail

/// Checks, in words, that a model has all that a loss learns: its parameters would else lie behind the weights.
template <class Loss, class Model> constexpr void check_coefficients() {
  if constexpr (!std::is_same_v<decltype(with_coefficients(Model{}, std::declval<const Loss&>())), Model>)
    static_cast<void>(sizeof(model_lacks_coefficients<Loss>));
}

/// Checks, in words, that a loss fits what a model puts out.
template <class Loss, class Model> constexpr void check_loss() {
  check_coefficients<Loss, Model>();
  using all = typename detail::layers_of<Model>::type;
  if constexpr (plan::reads_inputs<Loss>) {
    if constexpr (constexpr std::size_t needed = Model::output_size() + Model::input_size(); Loss::arguments != needed)
      static_cast<void>(
          sizeof(equation_does_not_fit_model<diagnostics::got<Loss::arguments>, diagnostics::needs<needed>>));
  } else if constexpr (!plan::has_terms<Loss>) {
    detail::check_loss_of_output<Loss, Model::output_shape(),
                                 typename detail::last_layer<all>::template of_output<0>>();
  } else if constexpr (Loss::output_count != Model::output_count()) {
    static_cast<void>(sizeof(
        losses_do_not_match_outputs<diagnostics::got<Loss::output_count>, diagnostics::needs<Model::output_count()>,
                                    diagnostics::fix<train::give_one_loss_for_each_output>>));
  } else {
    [&]<std::size_t... Term>(std::index_sequence<Term...>) {
      using terms = train::loss_terms<Model, Loss>;
      (detail::check_loss_of_output<typename terms::template loss<Term>, terms::output_shape(Term),
                                    typename detail::last_layer<all>::template of_output<terms::output(Term)>>(),
       ...);
    }(std::make_index_sequence<Loss::term_count>{});
  }
}

} // namespace fusegrad
