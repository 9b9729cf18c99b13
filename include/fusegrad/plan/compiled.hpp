// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/raise.hpp>
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/graph/observation.hpp>
#include <fusegrad/plan/checked_model.hpp>
#include <fusegrad/plan/draft.hpp>
#include <fusegrad/plan/emit_loss.hpp>
#include <fusegrad/plan/freeze.hpp>
#include <fusegrad/run/program.hpp>
#include <fusegrad/start/gain.hpp>
#include <limits>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// What a program is for: nothing but to hold parameters, which takes no steps; outputs only; outputs and loss;
/// outputs, loss and the gradients of all parameters; those, and sums that tell how the run is doing; or outputs of
/// which dropout hides a part.
enum class purpose : std::uint8_t { hold, predict, evaluate, train, observe, sample };

/// What a graph for a purpose is made for.
constexpr graph::emission emission_for(purpose what) {
  return {what == purpose::train || what == purpose::observe, what == purpose::observe, false, what == purpose::sample};
}

/// Stands for a loss where there is none.
struct no_loss {};

namespace detail {

constexpr void drop_loss_terms(graph::graph& g) {
  growing<graph::operation> kept;
  for (const graph::operation& op : g.operations)
    if (graph::facts_of(op).into != graph::sum_into::loss) kept.push_back(op);
  g.operations = kept;
}

template <std::size_t Largest> constexpr void require_places() {
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  if constexpr (Largest > most)
    static_cast<void>(sizeof(layers::model_is_too_large<diagnostics::got<Largest>, diagnostics::needs<most>>));
}

} // namespace detail

/// Writes a model down for a purpose.
template <class Model, class Loss, purpose For> constexpr void write_graph(graph::emitter& e) {
  const graph::wire outputs = Model::emit(e);
  if constexpr (For == purpose::hold || For == purpose::predict || For == purpose::sample) {
    for (const graph::row& output : outputs) e.result.outputs.push_back(output.value);
    detail::drop_loss_terms(e.result);
    if constexpr (For == purpose::hold) initial::note_activations(e.result);
  } else {
    emit_loss<Loss>(e, outputs);
    if constexpr (For == purpose::train || For == purpose::observe) graph::append_backward(e);
    if constexpr (For == purpose::observe) graph::append_observations(e.result);
  }
  if (e.broken().broken != graph::rule::none)
    base::end_constant_evaluation("fusegrad: an operation breaks a rule, as said in the first error");
}

/// The graph of a model for a purpose.
template <class Model, class Loss, purpose For> constexpr graph::graph graph_of() {
  graph::emitter e(emission_for(For));
  write_graph<Model, Loss, For>(e);
  return static_cast<graph::graph&&>(e.result);
}

/// The program of a model: a constant, made once for each model, loss, purpose and number type.
template <class Model, class Loss, purpose For, class T>
struct compiled : checked_model<Model, emission_for(For).is_training, Loss> {
private:
  /// So many forms do many steps or arguments have: in a deep model most are alike.
  static constexpr std::size_t forms_of(std::size_t count) { return count < 256 ? count : 224 + count / 8; }
  /// Room that nearly every model fits into, from the size of its forward graph alone. A table in a constant has a
  /// fixed size, and making the plan twice, once to measure it, would double the time that it takes the compiler.
  static constexpr execution::program_size room = [] {
    constexpr bool is_training = emission_for(For).is_training;
    constexpr emitted_size g = emitted < Model, is_training, emission_for(For).is_observed,
                           For == purpose::sample >.size;
    constexpr std::size_t outputs = Model::output_count(), terms = terms_of<Loss>;
    const std::size_t steps =
        For == purpose::hold ? 0
                             : (is_training ? 3 : 1) * g.operations + 2 * g.marks + 8 + 8 * (terms == 0 ? 1 : terms);
    const std::size_t expressions = 24 + (is_training ? 4 : 1) * g.expressions;
    return execution::program_size{
        steps, 5 * steps, 32 + expressions, g.parameters, g.inputs + terms, outputs, expressions, 16 * expressions,
        4 * expressions, 2 * expressions, g.characters, g.marks,
        // More than one layer may share a window, but lie in memory in another way.
        2 * g.windows, (g.phases + 2) * (g.windows == 0 ? 0 : g.operations), forms_of(steps), forms_of(5 * steps)};
  }();

  struct attempt {
    execution::program<room> value;
    execution::program_size size;
    std::size_t largest_place;
    bool fits;
  };
  static constexpr draft drafted(graph::graph& g) {
    if constexpr (For == purpose::hold)
      return draft_of_parameters<T>(g);
    else
      return drafting<T>(g).result;
  }
  // The remedy stands where Clang prints it: it says that it "hit maximum step limit", and no more.
  static constexpr attempt first = [] { // too many steps? clang++ -fconstexpr-steps=500000000
    // Not graph_of: compilers would try whether what it gives back is a constant, and make it twice.
    graph::emitter e(emission_for(For));
    write_graph<Model, Loss, For>(e);
    graph::graph& g = e.result;
    const draft d = drafted(g);
    const shared_forms shared(d);
    attempt out{{}, size_of(d, shared, g), plan::largest_place(d), false};
    out.fits = execution::fits_into(out.size, room);
    if (out.fits) freeze(d, shared, g, out.value);
    return out;
  }();

public:
  static constexpr execution::program<first.size> value = [] { // too many steps? clang++ -fconstexpr-steps=500000000
    detail::require_places<first.largest_place>();
    if constexpr (first.fits) {
      return shrunk<first.size>(first.value);
    } else {
      graph::emitter e(emission_for(For));
      write_graph<Model, Loss, For>(e);
      graph::graph& g = e.result;
      const draft d = drafted(g);
      execution::program<first.size> out;
      freeze(d, shared_forms(d), g, out);
      return out;
    }
  }();
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
