// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/emitter.hpp>

namespace fusegrad::plan {

/// A loss of several terms, each of which reads an output and a target of its own.
template <class Loss>
concept has_terms = requires { Loss::term_count; };

/// How many targets a loss reads.
template <class Loss> inline constexpr std::size_t terms_of = 1;
template <has_terms Loss> inline constexpr std::size_t terms_of<Loss> = Loss::term_count;

/// Writes a loss behind the outputs of a model. One of several terms writes its targets itself; any other one reads all
/// outputs as one row.
template <class Loss> constexpr void emit_loss(graph::emitter& e, const graph::wire& outputs) {
  if constexpr (has_terms<Loss>) {
    for (const graph::row& output : outputs) e.result.outputs.push_back(output.value);
    Loss::emit(e, outputs);
  } else {
    const graph::row prediction = outputs.size() == 1 ? outputs[0] : e.concat(outputs);
    e.result.outputs.push_back(prediction.value);
    Loss::emit(e, prediction, e.input(Loss::target_shape(prediction.shape)));
  }
}

} // namespace fusegrad::plan
