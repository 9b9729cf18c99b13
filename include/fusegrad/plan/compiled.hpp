// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/graph/observation.hpp>
#include <fusegrad/plan/draft.hpp>
#include <fusegrad/plan/gain.hpp>
#include <fusegrad/plan/program.hpp>

namespace fusegrad::plan {

/// What a program is for: outputs only; outputs and loss; outputs, loss and the gradients of all parameters; or those, and sums that
/// tell how the run is doing.
enum class purpose : std::uint8_t { predict, evaluate, train, observe };

/// What a graph for a purpose is made for.
constexpr graph::emission emission_for(purpose what) {
  return {what == purpose::train || what == purpose::observe, what == purpose::observe};
}

/// Stands for a loss where there is none.
struct no_loss {};

namespace detail {

constexpr void drop_loss_terms(graph::graph& g) {
  growing<graph::operation> kept;
  for (const graph::operation& op : g.operations)
    if (op.what != graph::kind::loss_term) kept.push_back(op);
  g.operations = kept;
}

/// Outside of training a sample stands for itself: what reads the whole batch would see whatever tile it is in.
constexpr void require_single_samples(const graph::graph& g) {
  for (const graph::operation& op : g.operations)
    if (op.what == graph::kind::batch_sum || op.what == graph::kind::random)
      throw "fusegrad: a layer reads the batch, or random numbers, outside of training: ask emitter::is_training() before";
}

} // namespace detail

/// The graph of a model for a purpose.
template <class Model, class Loss, purpose For> constexpr graph::graph graph_of() {
  graph::emitter e(emission_for(For));
  const graph::row prediction = Model::emit(e);
  if constexpr (For == purpose::predict) {
    detail::drop_loss_terms(e.result);
    note_activations(e.result);
  } else {
    Loss::emit(e, prediction, e.input(Loss::target_shape(prediction.shape)));
    if constexpr (For == purpose::train || For == purpose::observe) graph::append_backward(e);
    if constexpr (For == purpose::observe) graph::append_observations(e.result);
  }
  if constexpr (For == purpose::predict || For == purpose::evaluate) detail::require_single_samples(e.result);
  return e.result;
}

/// The program of a model: a constant, made once for each model, loss, purpose and number type.
template <class Model, class Loss, purpose For, class T> struct compiled {
private:
  /// Room that nearly every model fits into, from the size of its forward graph alone. A table in a constant has a fixed size, and
  /// making the plan twice, once to measure it, would double the time that it takes the compiler.
  static constexpr program_size room = [] { // too many steps? clang++ -fconstexpr-steps=500000000
    graph::emitter e(emission_for(For));
    Model::emit(e);
    const graph::graph& g = e.result;
    std::size_t characters = 0;
    for (const graph::parameter& p : g.parameters) characters += p.name.size();
    for (const graph::layer_mark& m : g.marks) characters += m.path.size();
    constexpr bool is_training = emission_for(For).is_training;
    const std::size_t steps = (is_training ? 3 : 1) * g.operations.size() + 2 * g.marks.size() + 16;
    const std::size_t expressions = 24 + (is_training ? 4 : 1) * g.expressions.size();
    return program_size{steps, 5 * steps, 32 + expressions, g.parameters.size(), g.inputs.size() + 1, 1, expressions,
                        16 * expressions, 4 * expressions, 2 * expressions, characters, g.marks.size()};
  }();

  struct attempt {
    program<room> value;
    program_size size;
    bool fits;
  };
  // The remedy stands where Clang prints it: it says that it "hit maximum step limit", and no more.
  static constexpr attempt first = [] { // too many steps? clang++ -fconstexpr-steps=500000000
    graph::graph g = graph_of<Model, Loss, For>();
    const draft d = drafting<T>(g).result;
    attempt out{{}, size_of(d, g), false};
    out.fits = fits_into(out.size, room);
    if (out.fits) out.value = freeze<room>(d, g);
    return out;
  }();

public:
  static constexpr program<first.size> value = [] { // too many steps? clang++ -fconstexpr-steps=500000000
    if constexpr (first.fits) {
      return shrunk<first.size>(first.value);
    } else {
      graph::graph g = graph_of<Model, Loss, For>();
      return freeze<first.size>(drafting<T>(g).result, g);
    }
  }();
};

} // namespace fusegrad::plan
