// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/operation_errors.hpp>

#include <cstddef>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/layer/broken_rule.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/plan/emit_loss.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// How much a model writes down.
struct emitted_size {
  std::size_t operations = 0, expressions = 0, parameters = 0, inputs = 0, marks = 0, windows = 0;
  std::size_t phases = 0;     ///< of all windows: how many positions apart their strides are
  std::size_t characters = 0; ///< of all names
};

/// What comes of writing a model down: how much it is, and the first rule that is broken, with its place.
struct emission_result {
  emitted_size size;
  graph::violation broken;
  fixed_string<80> place; ///< no more than its beginning
};

constexpr emission_result result_of(const graph::emitter& e) {
  const graph::graph& g = e.result;
  emission_result out;
  out.size = {g.operations.size(),
              g.expressions.size(),
              g.parameters.size(),
              g.inputs.size(),
              g.marks.size(),
              g.windows.size(),
              0,
              0};
  for (const graph::window& w : g.windows) out.size.phases += std::size_t{w.rows.stride} * w.columns.stride;
  for (const graph::parameter& p : g.parameters) out.size.characters += p.name.size();
  for (const graph::layer_mark& m : g.marks) out.size.characters += m.path.size();
  out.broken = e.broken();
  for (std::size_t i = 0; i < e.place_of_broken().size() && i < out.place.size(); ++i)
    out.place.characters[i] = e.place_of_broken()[i];
  return out;
}

/// A model as it is written down, in training or outside of it.
template <class Model, bool IsTraining, bool IsObserved, bool IsSampled = false>
inline constexpr emission_result emitted = [] { // too many steps? clang++ -fconstexpr-steps=500000000
  graph::emitter e({IsTraining, IsObserved, false, IsSampled});
  Model::emit(e);
  return result_of(e);
}();

/// A loss as it is written down, for a model with outputs of these shapes.
template <class Loss, class Model>
inline constexpr emission_result emitted_loss = [] {
  graph::emitter e(graph::emission{true});
  graph::wire outputs;
  if constexpr (reads_inputs<Loss>)
    outputs = Model::emit(e);
  else
    for (std::size_t i = 0; i < Model::output_count(); ++i) outputs.push_back(e.input(Model::output_shape(i)));
  emit_loss<Loss>(e, outputs);
  return result_of(e);
}();

namespace detail {

template <auto& Emitted> struct violation_in {
  static constexpr graph::violation found = Emitted.broken;
  static constexpr auto place() {
    constexpr std::size_t length = [] {
      std::size_t n = 0;
      while (n < Emitted.place.size() && Emitted.place.characters[n] != '\0') ++n;
      return n;
    }();
    fixed_string<length> text;
    for (std::size_t i = 0; i < length; ++i) text.characters[i] = Emitted.place.characters[i];
    text.characters[length] = '\0'; // written, because Clang prints numbers instead of text where it is not
    return text;
  }
};

template <auto& Emitted> constexpr bool keeps_all_rules() {
  if constexpr (Emitted.broken.broken != graph::rule::none) {
    using violated = violation_in<Emitted>;
    static_cast<void>(
        sizeof(layers::broken_rule<violated, layers::called<violated::place()>, diagnostics::position<>>));
  }
  return true;
}
template <class Loss, class Model> constexpr bool loss_keeps_all_rules() {
  if constexpr (requires { &Loss::emit; }) return keeps_all_rules<emitted_loss<Loss, Model>>();
  return true;
}

} // namespace detail

/// Names the first rule that a model as a whole breaks, or its loss. What a layer does wrong by itself was said when it
/// was appended. A base class, so that it stands before all errors that follow from it.
template <class Model, bool IsTraining, class Loss = void> struct checked_model {
  static_assert(detail::keeps_all_rules<emitted<Model, IsTraining, false>>());
  static_assert(detail::loss_keeps_all_rules<Loss, Model>());
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
