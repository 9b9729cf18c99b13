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

template <auto& Emitted> constexpr auto first_broken_rule() {
  if constexpr (Emitted.broken.broken != graph::rule::none) {
    using violated = violation_in<Emitted>;
    return diagnostics::fault<
        layers::broken_rule<violated, layers::called<violated::place()>, diagnostics::position<>>>{};
  } else {
    return diagnostics::no_fault{};
  }
}
template <auto& Emitted, class Loss, class Model> constexpr auto check_emission() {
  using of_model = decltype(first_broken_rule<Emitted>());
  if constexpr (diagnostics::is_fault<of_model>)
    return of_model{};
  else if constexpr (requires { &Loss::emit; })
    return first_broken_rule<emitted_loss<Loss, Model>>();
  else
    return diagnostics::no_fault{};
}

} // namespace detail

/// The fault that names the first rule which a model as a whole breaks, or no_fault. What a layer does wrong by itself
/// was said when it was appended. Whoever makes something of a model says it first: the words then stand before all
/// errors that follow.
template <class Model> using fault_of_model = decltype(detail::first_broken_rule<emitted<Model>>());

/// The same of what was written down of a model for a purpose, and of a loss.
template <auto& Emitted, class Loss, class Model>
using fault_of_emission = decltype(detail::check_emission<Emitted, Loss, Model>());

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
