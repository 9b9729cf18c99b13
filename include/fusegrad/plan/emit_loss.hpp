// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/graph/emitter.hpp>

namespace fusegrad::plan {

/// A loss of several terms, each of which reads an output and a target of its own.
template <class Loss>
concept has_terms = requires { Loss::term_count; };

/// A loss that reads the inputs of the model in the place of a target.
template <class Loss>
concept reads_inputs =
    requires(graph::emitter& e, const graph::row& output, const graph::wire& inputs) { Loss::emit(e, output, inputs); };

/// How many targets a loss reads.
template <class Loss> inline constexpr std::size_t terms_of = reads_inputs<Loss> ? 0 : 1;
template <has_terms Loss> inline constexpr std::size_t terms_of<Loss> = Loss::term_count;

/// Whether a loss counts each sample as often as the samples say.
template <class Loss>
concept weighs_samples = requires { Loss::weighs_samples; };

/// Writes a loss behind the outputs of a model; the weight of a sample is an input before its targets. One of several
/// terms writes its targets itself; any other one reads all outputs as one row, with a target or with the model's
/// inputs.
template <class Loss> constexpr void emit_loss(graph::emitter& e, const graph::wire& outputs) {
  const graph::wire inputs = e.inputs();
  if constexpr (weighs_samples<Loss>) e.weigh_samples(e.input(tensor::vector_of(1)));
  if constexpr (has_terms<Loss>) {
    for (const graph::row& output : outputs) e.result.outputs.push_back(output.value);
    Loss::emit(e, outputs);
    return;
  } else {
    const graph::row prediction = outputs.size() == 1 ? outputs[0] : e.concat(outputs);
    e.result.outputs.push_back(prediction.value);
    if constexpr (reads_inputs<Loss>)
      Loss::emit(e, prediction, inputs);
    else
      Loss::emit(e, prediction, e.input(Loss::target_shape(prediction.shape)));
  }
}

} // namespace fusegrad::plan
