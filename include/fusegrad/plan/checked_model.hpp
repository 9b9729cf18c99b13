// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/layer/operation_errors.hpp>

#include <cstddef>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/layer/broken_rule.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/plan/emit_loss.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// The beginning of the path of a layer or parameter.
using place_of_violation = fixed_string<80>;
constexpr place_of_violation place_of_violation_in(const graph::emitter& e) {
  place_of_violation place;
  for (std::size_t i = 0; i < e.place_of_broken().size() && i < place.size(); ++i)
    place.characters[i] = e.place_of_broken()[i];
  return place;
}

/// What comes of writing a model down: the first rule that is broken, with its place.
struct emission_result {
  graph::violation broken;
  place_of_violation place;
};
constexpr emission_result result_of(const graph::emitter& e) { return {e.broken(), place_of_violation_in(e)}; }

/// A model as it is written down for training.
template <class Model>
inline constexpr emission_result emitted = [] { // too many steps? clang++ -fconstexpr-steps=500000000
  graph::emitter e(graph::emission{true});
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

/// Names the first rule that a model as a whole breaks. What a layer does wrong by itself was said when it was
/// appended. A base class, so that it stands before all errors that follow from it.
template <class Model> struct checked_model {
  static_assert(detail::keeps_all_rules<emitted<Model>>());
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
