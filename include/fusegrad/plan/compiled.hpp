// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/backward.hpp>
#include <fusegrad/graph/emitter.hpp>
#include <fusegrad/plan/draft.hpp>
#include <fusegrad/plan/gain.hpp>
#include <fusegrad/plan/program.hpp>

namespace fusegrad::plan {

/// What a program is for: outputs only; outputs and loss; or outputs, loss and the gradients of all parameters.
enum class purpose : std::uint8_t { predict, evaluate, train };

/// Stands for a loss where there is none.
struct no_loss {};

namespace detail {

constexpr void drop_loss_terms(graph::graph& g) {
  growing<graph::operation> kept;
  for (const graph::operation& op : g.operations)
    if (op.what != graph::kind::loss_term) kept.push_back(op);
  g.operations = kept;
}

} // namespace detail

/// The graph of a model for a purpose.
template <class Model, class Loss, purpose For> constexpr graph::graph graph_of() {
  graph::emitter e;
  const graph::row prediction = Model::emit(e);
  if constexpr (For == purpose::predict) {
    detail::drop_loss_terms(e.result);
    note_activations(e.result);
  } else {
    Loss::emit(e, prediction, e.input(Loss::target_shape(prediction.shape)));
    if constexpr (For == purpose::train) graph::append_backward(e);
  }
  return e.result;
}

/// The program of a model: a constant, made once for each model, loss, purpose and number type.
template <class Model, class Loss, purpose For, class T> struct compiled {
private:
  static constexpr program_size size = [] {
    graph::graph g = graph_of<Model, Loss, For>();
    return size_of(drafting<T>(g).result, g);
  }();

public:
  static constexpr program<size> value = [] {
    graph::graph g = graph_of<Model, Loss, For>();
    return freeze<size>(drafting<T>(g).result, g);
  }();
};

} // namespace fusegrad::plan
