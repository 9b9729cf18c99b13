// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/finite.hpp>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/math/square_root.hpp>

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad::data {

/// A shift and a divisor for each feature: x becomes (x - shift) / divisor.
///
/// Fit it on the training samples and apply the same one to test samples and to what a deployed model is fed.
template <std::floating_point T = float> struct normalisation {
  std::vector<T> shift;
  std::vector<T> divisor;

  /// Normalises one sample in place; throws std::invalid_argument if it has another number of features, or where a
  /// shift or divisor is not finite or a divisor is zero.
  void apply(std::span<T> sample) const {
    require(sample.size());
    normalise(sample);
  }

  /// The samples with their inputs normalised; throws std::invalid_argument if they have other features, or where a
  /// shift or divisor is not finite or a divisor is zero.
  dataset<T> apply(const dataset<T>& samples) const {
    require(samples.features());
    std::vector<T> inputs(samples.inputs().begin(), samples.inputs().end());
    for (std::size_t i = 0; i < samples.size(); ++i)
      normalise(std::span(inputs).subspan(i * shift.size(), shift.size()));
    return samples.with_inputs(std::move(inputs), samples.features());
  }

private:
  void normalise(std::span<T> sample) const noexcept {
    for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = (sample[i] - shift[i]) / divisor[i];
  }

  void require(std::size_t features) const {
    if (shift.size() != divisor.size()) {
      throw std::invalid_argument("normalisation: expected a shift and a divisor for each feature, found " +
                                  std::to_string(shift.size()) + " and " + std::to_string(divisor.size()));
    }
    if (features != shift.size()) {
      throw std::invalid_argument("normalisation: expected " + std::to_string(shift.size()) + " features, found " +
                                  std::to_string(features));
    }
    for (std::size_t i = 0; i < features; ++i) {
      if (base::is_finite(shift[i]) && base::is_finite(divisor[i]) && divisor[i] != 0) continue;
      throw std::invalid_argument(
          "normalisation: expected a finite shift and a finite divisor that is not zero for feature " +
          std::to_string(i) + ", found " + std::to_string(shift[i]) + " and " + std::to_string(divisor[i]));
    }
  }
};

namespace detail {

[[noreturn]] inline void fail_to_fit(const std::string& expected, const std::string& feature,
                                     const std::string& found) {
  throw std::invalid_argument("normalisation: expected " + expected + " in " + feature + ", found " + found);
}

/// Numbers in columns, and what these are called in words: "feature 3 (eta)".
template <class T> struct columns {
  std::span<const T> numbers;
  std::size_t width;
  const char* what;
  const std::vector<std::string>& names;

  std::string in_words(std::size_t column) const {
    const std::string number = what + std::to_string(column);
    return names.empty() ? number : number + " (" + names[column] + ")";
  }
};

/// Each number of a column. Throws std::invalid_argument naming the first sample that has none.
template <class T> void copy_column(const columns<T>& from, std::size_t which, std::vector<double>& column) {
  for (std::size_t i = 0; i < column.size(); ++i) {
    column[i] = static_cast<double>(from.numbers[i * from.width + which]);
    if (base::is_finite(column[i])) continue;
    fail_to_fit("finite numbers", from.in_words(which), std::to_string(column[i]) + " at sample " + std::to_string(i));
  }
}

template <class T, class Fit> normalisation<T> fit_columns(const columns<T>& from, Fit fit) {
  if (from.numbers.empty())
    throw std::invalid_argument("normalisation: expected at least one sample to fit, found none");
  normalisation<T> result;
  std::vector<double> column(from.numbers.size() / from.width);
  for (std::size_t which = 0; which < from.width; ++which) {
    copy_column(from, which, column);
    double smallest = column[0], largest = column[0];
    for (const double value : column) {
      if (value < smallest) smallest = value;
      if (value >= largest) largest = value;
    }
    // A constant column is asked for by its values: the rounded mean of equal numbers may differ from them.
    const auto [shift, spread] =
        smallest == largest ? std::pair(smallest, 1.0) : fit(std::span<const double>(column), smallest, largest);
    if (!base::is_finite(shift) || !(spread <= static_cast<double>(std::numeric_limits<T>::max())))
      fail_to_fit("numbers of moderate size", from.in_words(which), "values whose spread overflows");
    const T divisor = static_cast<T>(spread);
    if (!(divisor > 0))
      fail_to_fit("numbers that are all equal or differ by more", from.in_words(which),
                  "values whose spread underflows");
    result.shift.push_back(static_cast<T>(shift));
    result.divisor.push_back(divisor);
  }
  return result;
}

template <class T> columns<T> features_of(const dataset<T>& samples) {
  return {samples.inputs(), samples.features(), "feature ", samples.feature_names()};
}

inline std::pair<double, double> mean_and_deviation(std::span<const double> column, double smallest, double largest) {
  const auto count = static_cast<double>(column.size());
  double mean = 0;
  for (const double value : column) mean += value / count;
  // In units of the largest deviation: squares of small ones would be zero, and of large ones infinite.
  const double unit = largest - mean > mean - smallest ? largest - mean : mean - smallest;
  double variance = 0;
  for (const double value : column) variance += ((value - mean) / unit) * ((value - mean) / unit) / count;
  return {mean, unit * math::sqrt(variance)};
}

} // namespace detail

/// Mean 0 and standard deviation 1 (of the population) for every feature; constant features become 0.
/// Throws std::invalid_argument if there are no samples, for numbers that are not finite, naming feature and sample,
/// and for a spread that the number type cannot hold, naming the feature.
template <class T> normalisation<T> fit_standardisation(const dataset<T>& samples) {
  return detail::fit_columns(detail::features_of(samples), detail::mean_and_deviation);
}

/// The same for every real target of the first output. Throws as well for samples with labels.
template <class T> normalisation<T> fit_target_standardisation(const dataset<T>& samples) {
  if (samples.has_labels())
    throw std::invalid_argument("normalisation: expected real targets to fit, found class labels");
  const detail::columns<T> targets{samples.targets(), samples.target_width(), "target ", samples.target_names()};
  return detail::fit_columns(targets, detail::mean_and_deviation);
}

/// Smallest value 0 and largest value 1 for every feature; constant features become 0. Samples that were not
/// fitted may fall outside. Throws std::invalid_argument as fit_standardisation does.
template <class T> normalisation<T> fit_min_max(const dataset<T>& samples) {
  return detail::fit_columns(
      detail::features_of(samples),
      [](std::span<const double>, double smallest, double largest) { return std::pair(smallest, largest - smallest); });
}

} // namespace fusegrad::data
