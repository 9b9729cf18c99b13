// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <fusegrad/base/sort.hpp>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

// How well scores tell samples of one kind from the others, whatever the threshold. Nothing depends on the scale of the
// scores: logits and probabilities give the same.
namespace fusegrad {

namespace detail {

/// From the highest score down, the samples of each score together: how many of each kind there are so far.
struct ranked {
  std::size_t positive = 0, negative = 0;
};

template <class T>
std::vector<ranked> rank(const char* who, std::span<const T> scores, std::span<const std::int32_t> labels) {
  if (scores.size() != labels.size())
    throw std::invalid_argument(std::string("fusegrad: ") + who + ": there are " + std::to_string(scores.size()) +
                                " scores, but " + std::to_string(labels.size()) + " labels.");
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (scores[i] != scores[i])
      throw std::invalid_argument(std::string("fusegrad: ") + who + ": score " + std::to_string(i) + " is NaN.");
    if (labels[i] != 0 && labels[i] != 1)
      throw std::invalid_argument(std::string("fusegrad: ") + who + ": label " + std::to_string(i) + " is " +
                                  std::to_string(labels[i]) + "; 1 is of the kind that is sought, 0 is not.");
  }
  std::vector<std::size_t> order(scores.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  base::sort(order, [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  std::vector<ranked> steps{{}};
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || scores[order[i]] != scores[order[i - 1]]) steps.push_back(steps.back());
    ++(labels[order[i]] == 1 ? steps.back().positive : steps.back().negative);
  }
  return steps;
}

} // namespace detail

/// The chance that a sample of the kind that is sought (label 1) has a higher score than another (label 0); equal
/// scores count half. The area under the curve of true over false positives. NaN where one of the kinds is missing.
/// Throws std::invalid_argument where scores and labels do not fit, a score is NaN, or a label neither 0 nor 1.
template <class T> double roc_auc(std::span<const T> scores, std::span<const std::int32_t> labels) {
  const std::vector<detail::ranked> steps = detail::rank("roc_auc", scores, labels);
  const double all = static_cast<double>(steps.back().positive) * static_cast<double>(steps.back().negative);
  double pairs = 0; // trapezoids
  for (std::size_t i = 1; i < steps.size(); ++i)
    pairs += static_cast<double>(steps[i].negative - steps[i - 1].negative) *
             (static_cast<double>(steps[i].positive) + static_cast<double>(steps[i - 1].positive)) / 2;
  return all == 0 ? std::numeric_limits<double>::quiet_NaN() : pairs / all;
}

/// The mean of the precision at each sample that is sought, in the order of the scores: the area under the curve of
/// precision over recall, by steps. NaN where nothing is sought; throws as `roc_auc` does.
template <class T> double average_precision(std::span<const T> scores, std::span<const std::int32_t> labels) {
  const std::vector<detail::ranked> steps = detail::rank("average_precision", scores, labels);
  double sum = 0;
  for (std::size_t i = 1; i < steps.size(); ++i)
    sum += static_cast<double>(steps[i].positive - steps[i - 1].positive) * static_cast<double>(steps[i].positive) /
           static_cast<double>(steps[i].positive + steps[i].negative);
  const auto sought = static_cast<double>(steps.back().positive);
  return sought == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / sought;
}

} // namespace fusegrad
