// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/base/text.hpp>
#include <fusegrad/train/confusion_matrix.hpp>
#include <fusegrad/train/named_number.hpp>
#include <fusegrad/train/predicted_class.hpp>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad {

/// How good the outputs for some samples are; what does not apply is NaN or empty.
struct evaluation {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  std::size_t samples = 0;
  double loss = none;
  double accuracy = none;            ///< the share of labels found
  double r2 = none;                  ///< the share of the targets' variance that is explained
  double mean_absolute_error = none; ///< over all targets
  std::size_t real_targets = 0;      ///< numbers that the last two are of
  std::size_t not_numbers = 0;       ///< samples whose outputs name no class since one is NaN; they count as missed
  confusion_matrix confusion;        ///< empty without labels
  std::vector<evaluation> outputs;   ///< of each output, where a loss has several terms
  std::vector<named_number> metrics; ///< those asked for, in their order

  /// Calls `visit(name, value)` with all numbers that there are: loss, accuracy, R2, mean absolute error, macro F1 and
  /// balanced accuracy of a confusion matrix, the metrics asked for, and those of each output as "accuracy of output
  /// 1".
  template <class Visit> void visit_numbers(const Visit& visit) const {
    visit_own(visit, "");
    for (std::size_t i = 0; i < outputs.size(); ++i) outputs[i].visit_own(visit, " of output " + std::to_string(i));
  }
  /// One of these numbers. Throws std::out_of_range with the names of all where there is none of this name.
  [[nodiscard]] double metric(std::string_view name) const {
    double found = none;
    bool is_there = false;
    std::string known;
    visit_numbers([&](const std::string& each, double value) {
      if (each == name) found = value, is_there = true;
      known.append(known.empty() ? "" : ", ").append(each);
    });
    if (!is_there)
      throw std::out_of_range(std::string("fusegrad: there is no metric \"")
                                  .append(name)
                                  .append("\" of these outputs; there are ")
                                  .append(known)
                                  .append("."));
    return found;
  }

  /// One line with what there is, and the confusion matrix below it where it has at most 20 classes.
  [[nodiscard]] std::string to_string() const {
    std::string text = base::grouped(samples) + (samples == 1 ? " sample" : " samples");
    const auto append = [&text](const char* name, double value) {
      if (value == value) text += std::string("  ") + name + ' ' + base::readable(value);
    };
    append("loss", loss);
    append("accuracy", accuracy);
    append("R2", r2);
    append("mean absolute error", mean_absolute_error);
    for (const named_number& m : metrics) append(m.name.c_str(), m.value);
    if (not_numbers > 0) text += "  " + base::grouped(not_numbers) + " with outputs that are not numbers";
    text += '\n';
    if (confusion.classes() <= 20) text += confusion.to_string();
    for (std::size_t i = 0; i < outputs.size(); ++i)
      text += "output " + std::to_string(i) + ": " + outputs[i].to_string();
    return text;
  }

private:
  template <class Visit> void visit_own(const Visit& visit, const std::string& behind) const {
    const auto told = [&](const char* name, double value) { visit(name + behind, value); };
    // What applies is told where it came to NaN, too: outputs may have overflown.
    if (loss == loss || behind.empty()) told("loss", loss);
    if (accuracy == accuracy) told("accuracy", accuracy);
    if (real_targets != 0) told("R2", r2);
    if (real_targets != 0) told("mean absolute error", mean_absolute_error);
    if (!confusion.empty()) told("macro F1", confusion.macro_f1());
    if (!confusion.empty()) told("balanced accuracy", confusion.balanced_accuracy());
    for (const named_number& m : metrics) told(m.name.c_str(), m.value);
  }
};

namespace detail {

inline void require_pairs(const char* who, std::size_t outputs, std::size_t targets, std::size_t width) {
  if (width == 0 || targets % width != 0 || outputs != targets)
    base::refuse("%s: expected as many outputs as targets, in whole rows of %zu, found %zu outputs and %zu targets",
                 who, width, outputs, targets);
}

/// R2 of one column among `width`: 1 - sum (target - output)^2 / sum (target - mean)^2.
template <class T>
double r2_of_column(std::span<const T> outputs, std::span<const T> targets, std::size_t width,
                    std::size_t column) noexcept {
  const std::size_t samples = targets.size() / width;
  double mean = 0;
  for (std::size_t i = column; i < targets.size(); i += width) mean += static_cast<double>(targets[i]);
  mean /= static_cast<double>(samples);
  double unexplained = 0, total = 0;
  for (std::size_t i = column; i < targets.size(); i += width) {
    const double target = static_cast<double>(targets[i]), error = target - static_cast<double>(outputs[i]);
    unexplained += error * error;
    total += (target - mean) * (target - mean);
  }
  if (total == 0) return unexplained == 0 ? 1 : 0;
  return 1 - unexplained / total;
}

} // namespace detail

/// Compares outputs (row-major, `width` a sample) with class labels. With one output there are two classes, told apart
/// at `threshold`: 0 suits logits. Throws std::invalid_argument where sizes or labels do not fit. The loss stays NaN.
template <class T>
evaluation classify(std::span<const T> outputs, std::size_t width, std::span<const std::int32_t> labels,
                    double threshold = 0) {
  if (width == 0 || outputs.size() % width != 0 || outputs.size() / width != labels.size())
    base::refuse("classify: expected %zu rows of %zu outputs, as many as labels, found %zu numbers", labels.size(),
                 width, outputs.size());
  const std::size_t classes = width == 1 ? 2 : width;
  evaluation result;
  result.samples = labels.size();
  result.confusion = confusion_matrix(classes);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] < 0 || static_cast<std::size_t>(labels[i]) >= classes)
      base::refuse("classify: expected labels from 0 to %zu, found %d at sample %zu", classes - 1, labels[i], i);
    const std::int32_t predicted = train::predicted_class(outputs.data() + i * width, width, threshold);
    if (predicted == train::no_class)
      ++result.not_numbers;
    else
      result.confusion.add(static_cast<std::size_t>(labels[i]), static_cast<std::size_t>(predicted));
  }
  if (result.samples > 0)
    result.accuracy = static_cast<double>(result.confusion.found()) / static_cast<double>(result.samples);
  return result;
}

/// Compares outputs with real targets that say yes or no, each for itself and `width` a sample: an output says yes
/// above `threshold`, a target above `target_threshold`. An output that is NaN says neither. Throws
/// std::invalid_argument where sizes do not fit.
template <class T>
evaluation count_answers(std::span<const T> outputs, std::span<const T> targets, std::size_t width, double threshold,
                         double target_threshold) {
  detail::require_pairs("count_answers", outputs.size(), targets.size(), width);
  evaluation result;
  result.samples = targets.size() / width;
  std::size_t right = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const std::int32_t answer = train::predicted_class(outputs.data() + i, 1, threshold);
    right += answer == (static_cast<double>(targets[i]) > target_threshold ? 1 : 0);
  }
  if (result.samples > 0) result.accuracy = static_cast<double>(right) / static_cast<double>(targets.size());
  return result;
}

/// Compares outputs with real targets, both row-major, `width` a sample. R2 is the mean of the R2 of each output, as in
/// scikit-learn's r2_score: a constant target counts 1 if it is met exactly, else 0; of fewer than two samples R2 is
/// NaN. Throws std::invalid_argument where sizes do not fit. The loss stays NaN.
template <class T> evaluation regress(std::span<const T> outputs, std::span<const T> targets, std::size_t width) {
  detail::require_pairs("regress", outputs.size(), targets.size(), width);
  evaluation result;
  result.samples = targets.size() / width;
  result.real_targets = targets.size();
  if (result.samples == 0) return result;
  double error = 0;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const double difference = static_cast<double>(outputs[i]) - static_cast<double>(targets[i]);
    error += difference < 0 ? -difference : difference;
  }
  result.mean_absolute_error = error / static_cast<double>(targets.size());
  if (result.samples < 2) return result;
  double sum = 0;
  for (std::size_t k = 0; k < width; ++k) sum += detail::r2_of_column(outputs, targets, width, k);
  result.r2 = sum / static_cast<double>(width);
  return result;
}

} // namespace fusegrad
