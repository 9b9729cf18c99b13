// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/train/evaluation.hpp>
#include <fusegrad/train/loss_meaning.hpp>
#include <fusegrad/train/loss_terms.hpp>
#include <fusegrad/train/predicted_class.hpp>
#include <span>
#include <vector>

// The metrics that say something, by what outputs are to a loss. Without one the loss stands alone.
namespace fusegrad::train {

template <class T, class Samples> std::vector<T> all_targets(const Samples& samples) {
  std::vector<T> targets;
  targets.reserve(samples.size() * samples.target_width());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto& row = samples.target(i);
    for (std::size_t k = 0; k < samples.target_width(); ++k) targets.push_back(static_cast<T>(row.data()[k]));
  }
  return targets;
}

/// Real targets as classes: for each row the largest of several, or whether the one is above the threshold.
template <class T>
std::vector<std::int32_t> classes_of(const std::vector<T>& targets, std::size_t width, double threshold) {
  std::vector<std::int32_t> labels(targets.size() / width);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (const int found = predicted_class(targets.data() + i * width, width, threshold); found > 0) labels[i] = found;
  return labels;
}

template <class Loss, class T, class Samples>
evaluation measure_with_labels(const Samples& samples, std::span<const T> outputs, std::size_t width) {
  std::vector<std::int32_t> labels(samples.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = samples.label(i);
  return classify(outputs, width, labels, Loss::decision_threshold);
}

/// What outputs, `width` a sample, come to beside what samples ask for; the loss takes `target_width` numbers a sample.
template <class Loss, class T, class Samples>
evaluation measure(const Samples& samples, std::span<const T> outputs, std::size_t width, std::size_t target_width) {
  evaluation nothing;
  nothing.samples = samples.size();
  if (width != target_width) return nothing;
  const bool names_classes = width > 1 || Loss::decision_threshold == Loss::decision_threshold;
  if (samples.has_labels()) return names_classes ? measure_with_labels<Loss>(samples, outputs, width) : nothing;
  switch (Loss::meaning) {
  case outputs_are::values: return regress(outputs, std::span<const T>(all_targets<T>(samples)), width);
  case outputs_are::class_scores:
    return classify(outputs, width, classes_of(all_targets<T>(samples), width, 0.5), Loss::decision_threshold);
  case outputs_are::answers:
    if (width == 1)
      return classify(outputs, width, classes_of(all_targets<T>(samples), width, Loss::target_threshold),
                      Loss::decision_threshold);
    return count_answers(outputs, std::span<const T>(all_targets<T>(samples)), width, Loss::decision_threshold,
                         Loss::target_threshold);
  case outputs_are::unknown: return nothing;
  }
  return nothing;
}

/// The numbers of one output, out of rows of all.
template <class T>
std::vector<T> columns_of(std::span<const T> rows, std::size_t row_width, std::size_t begin, std::size_t width) {
  std::vector<T> columns;
  columns.reserve(rows.size() / row_width * width);
  for (std::size_t first = begin; first < rows.size(); first += row_width)
    columns.insert(columns.end(), rows.begin() + static_cast<std::ptrdiff_t>(first),
                   rows.begin() + static_cast<std::ptrdiff_t>(first + width));
  return columns;
}

/// What the outputs of a model come to beside what samples ask for: one output as it is; several each by itself, by the
/// first of its losses.
template <class Model, class Loss, class T, class Samples>
evaluation measure_outputs(const Samples& samples, std::span<const T> outputs) {
  evaluation all;
  for_each_term<Model, Loss>(samples, [&](auto term, const auto& of_term) {
    using terms = loss_terms<Model, Loss>;
    using loss = typename terms::template loss<term>;
    constexpr std::size_t width = terms::output_shape(term).size();
    constexpr std::size_t target_width = loss::target_shape(terms::output_shape(term)).size();
    if constexpr (!plan::has_terms<Loss>) {
      all = measure<loss>(of_term, outputs, width, target_width);
    } else if (all.outputs.size() == terms::output(term)) {
      const auto own = columns_of(outputs, Model::output_size(), terms::output_begin(term), width);
      all.outputs.push_back(measure<loss>(of_term, std::span<const T>(own), width, target_width));
    }
  });
  all.samples = samples.size();
  return all;
}

} // namespace fusegrad::train
