// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <fusegrad/plan/emit_loss.hpp>
#include <fusegrad/run/program.hpp>

namespace fusegrad::train {

/// What outputs that are not numbers name: no class, which is never the right one.
inline constexpr std::int32_t no_class = -1;

/// The class that a row of outputs names: the largest, the first of equals; of a single output, 1 above the threshold,
/// else 0.
template <class T>
constexpr std::int32_t predicted_class(const T* outputs, std::size_t width, double threshold) noexcept {
  if (width == 1) return outputs[0] != outputs[0] ? no_class : static_cast<double>(outputs[0]) > threshold ? 1 : 0;
  std::size_t best = 0;
  bool are_numbers = outputs[0] == outputs[0];
  for (std::size_t k = 1; k < width; ++k) {
    if (outputs[k] > outputs[best]) best = k;
    are_numbers = are_numbers && outputs[k] == outputs[k];
  }
  return are_numbers ? static_cast<std::int32_t>(best) : no_class;
}

/// Whether that is `label`. Without a search: no branch, and no number that waits for the one before it.
template <class T>
constexpr bool is_predicted(std::int32_t label, const T* outputs, std::size_t width, double threshold) noexcept {
  if (width == 1) return predicted_class(outputs, width, threshold) == label;
  if (label < 0 || static_cast<std::size_t>(label) >= width) return false;
  const auto at = static_cast<std::size_t>(label);
  const T own = outputs[at];
  unsigned smaller = 0; // how many are; what is not a number is not smaller, and nothing is smaller than it
  for (std::size_t k = 0; k < at; ++k) smaller += outputs[k] < own ? 1u : 0u;
  for (std::size_t k = at; k < width; ++k) smaller += outputs[k] <= own ? 1u : 0u;
  return smaller == width;
}

/// Whether the outputs of a model name classes to a loss: one for each class, or one with a threshold that is known.
/// Those of several outputs are counted apart, in an evaluation.
template <class Model, class Loss>
inline constexpr bool names_classes =
    Loss::target_shape(Model::output_shape()).size() == Model::output_size() &&
    (Model::output_size() > 1 || Loss::decision_threshold == Loss::decision_threshold);
template <class Model, plan::has_terms Loss> inline constexpr bool names_classes<Model, Loss> = false;

/// How many classes of samples `begin` to `end` were predicted, where they have labels and there is one output.
/// `ByColumns`: see run/by_columns.hpp.
template <class Model, class Loss, bool ByColumns, class T, class Samples, class Index>
constexpr std::size_t count_correct(const execution::row_place& place, const T* workspace, std::size_t capacity,
                                    const Samples& samples, const Index& index, std::size_t begin,
                                    std::size_t end) noexcept {
  if constexpr (!names_classes<Model, Loss>) return 0;
  if (!samples.has_labels()) return 0;
  const T* const outputs = workspace + place.offset * capacity;
  std::size_t correct = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const T* numbers = outputs + i * place.sample_step;
    [[maybe_unused]] T row[ByColumns ? Model::output_size() : 1]{};
    if constexpr (ByColumns) {
      for (std::size_t k = 0; k < place.width; ++k) row[k] = outputs[k * capacity + i];
      numbers = row;
    }
    correct += is_predicted(samples.label(index(i)), numbers, place.width, Loss::decision_threshold);
  }
  return correct;
}

} // namespace fusegrad::train
