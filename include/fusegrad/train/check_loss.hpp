// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/train/errors.hpp>

#include <cstddef>
#include <fusegrad/expr/recorded.hpp>
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

/// What is wrong with an output of this shape as the logits of a loss of classes.
template <std::size_t Classes, tensor::extents Shape> constexpr auto fault_of_classes() {
  constexpr std::size_t outputs = Shape.size();
  if constexpr (outputs < 2)
    return diagnostics::fault<
        loss_does_not_fit_output<diagnostics::got<outputs>, diagnostics::needs<2>,
                                 diagnostics::fix<train::use_binary_cross_entropy_or_one_output_for_each_class>>>{};
  else if constexpr (Shape.positions() != 1)
    return diagnostics::fault<
        classes_are_no_vector<layers::detail::got<layers::wire_shapes<Shape>>,
                              diagnostics::fix<train::insert_flatten_or_a_global_pool_before_the_last_dense>>>{};
  else if constexpr (Classes != 0 && Classes != outputs)
    return diagnostics::fault<
        class_weights_do_not_match_outputs<diagnostics::got<Classes>, diagnostics::needs<outputs>,
                                           diagnostics::fix<train::give_one_weight_for_each_output>>>{};
  else
    return diagnostics::no_fault{};
}
template <class Loss, class Last> constexpr bool contains_layer() {
  if constexpr (requires { typename Loss::contains; }) return Loss::contains::template has<Last>;
  return false;
}
template <class Loss, class Last> constexpr auto fault_of_last_layer() {
  if constexpr (contains_layer<Loss, Last>())
    return diagnostics::fault<
        loss_wants_logits<layers::in_words<Last>, diagnostics::fix<train::leave_out_the_last_layer>>>{};
  else
    return diagnostics::no_fault{};
}
template <class Loss, tensor::extents Shape, class Last> constexpr auto fault_of_output() {
  using of_layer = decltype(fault_of_last_layer<Loss, Last>());
  if constexpr (requires { Loss::class_count; })
    return typename diagnostics::first_fault<decltype(fault_of_classes<Loss::class_count, Shape>()), of_layer>::type{};
  else
    return of_layer{};
}

/// Whether an equation reads an output, a derivative, or a parameter of its own.
template <class Equation, std::size_t Outputs> constexpr bool reads_what_is_trained() {
  constexpr const auto& read = expr::recorded<typename Equation::recipe, Equation::arguments>;
  if (read.leaf_count != 0) return true;
  for (std::size_t i = 0; i < read.body.node_count; ++i)
    if (read.body[i].op == expr::operation::argument && read.body[i].a < Outputs) return true;
  return false;
}

template <class Loss, class Model> constexpr auto fault_of_terms() {
  using all = typename layers_of<Model>::type;
  using terms = train::loss_terms<Model, Loss>;
  return []<std::size_t... Term>(std::index_sequence<Term...>) {
    return typename diagnostics::first_fault<
        decltype(fault_of_output<typename terms::template loss<Term>, terms::output_shape(Term),
                                 typename last_layer<all>::template of_output<terms::output(Term)>>())...>::type{};
  }(std::make_index_sequence<Loss::term_count>{});
}

} // namespace detail

/// What is wrong with a loss for what a model puts out, or no_fault: a model that has not all that the loss learns,
/// whose parameters would lie behind the weights; an output that does not fit.
template <class Loss, class Model> constexpr auto fault_of_loss() {
  if constexpr (!std::is_same_v<decltype(with_coefficients(Model{}, std::declval<const Loss&>())), Model>) {
    return diagnostics::fault<model_lacks_coefficients<Loss>>{};
  } else if constexpr (train::of_point_sets<Loss>) {
    return []<std::size_t... Set>(std::index_sequence<Set...>) {
      return typename diagnostics::first_fault<
          decltype(fault_of_loss<typename Loss::template part_type<Set>, Model>())...>::type{};
    }(std::make_index_sequence<Loss::set_count>{});
  } else if constexpr (plan::reads_inputs<Loss>) {
    if constexpr (constexpr std::size_t needed = Model::output_size() + Model::input_size(); Loss::arguments != needed)
      return diagnostics::fault<
          equation_does_not_fit_model<diagnostics::got<Loss::arguments>, diagnostics::needs<needed>>>{};
    else if constexpr (!detail::reads_what_is_trained<Loss, Model::output_size()>())
      return diagnostics::fault<equation_reads_no_output<typename Loss::recipe>>{};
    else
      return diagnostics::no_fault{};
  } else if constexpr (!plan::has_terms<Loss>) {
    using all = typename detail::layers_of<Model>::type;
    return detail::fault_of_output<Loss, Model::output_shape(),
                                   typename detail::last_layer<all>::template of_output<0>>();
  } else if constexpr (Loss::output_count != Model::output_count()) {
    return diagnostics::fault<
        losses_do_not_match_outputs<diagnostics::got<Loss::output_count>, diagnostics::needs<Model::output_count()>,
                                    diagnostics::fix<train::give_one_loss_for_each_output>>>{};
  } else {
    return detail::fault_of_terms<Loss, Model>();
  }
}

} // namespace fusegrad
