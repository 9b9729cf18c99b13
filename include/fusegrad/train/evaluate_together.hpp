// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/model/weights.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/check_terms.hpp>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/evaluator.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/measure.hpp>
#include <fusegrad/train/measure_metrics.hpp>
#include <fusegrad/train/metric.hpp>
#include <span>
#include <stdexcept>

namespace fusegrad::train {

/// Loss and metrics over all samples, but for the losses of several outputs, which take a pass each. As many threads as
/// for a step on them, whose operations are three times those of this: two from some million on, as in inference.
template <class Model, class Loss, class T, class Samples>
[[nodiscard]] evaluation evaluate_together(const weights<Model, T>& w, const gradients<Model, Loss, T>& by,
                                           const Samples& samples, std::span<const metric> metrics) {
  if (samples.size() == 0) throw std::invalid_argument("fusegrad: evaluate needs at least one sample.");
  sample_checks<Model, Loss>::labels(samples, "the samples");
  if constexpr (of_point_sets<Loss>) {
    return with_numbers<T>(Loss::evaluate(w, by.loss(), samples), metrics);
  } else {
    const auto result = evaluate_all(w, by.loss(), samples, by.threads(samples.size()));
    evaluation e = measure_outputs<Model, Loss>(samples, std::span<const T>(result.outputs));
    e.loss = result.loss;
    add_metrics<Model, Loss>(e, metrics, samples, std::span<const T>(result.outputs));
    return e;
  }
}

} // namespace fusegrad::train
