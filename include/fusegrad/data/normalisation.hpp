// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad::data {

/// A shift and a divisor for each feature: x becomes (x - shift) / divisor.
///
/// Fit it on the training samples and apply the same one to test samples and to what a deployed model is fed.
template <std::floating_point T = float>
struct normalisation {
  std::vector<T> shift;
  std::vector<T> divisor;

  /// Normalises one sample in place; throws std::invalid_argument if it has another number of features.
  void apply(std::span<T> sample) const {
    require(sample.size());
    for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = (sample[i] - shift[i]) / divisor[i];
  }

  /// The samples with their inputs normalised; throws std::invalid_argument if they have other features.
  dataset<T> apply(const dataset<T>& samples) const {
    require(samples.features());
    std::vector<T> inputs(samples.inputs().begin(), samples.inputs().end());
    for (std::size_t i = 0; i < samples.size(); ++i)
      apply(std::span(inputs).subspan(i * shift.size(), shift.size()));
    return samples.with_inputs(std::move(inputs), samples.features());
  }

private:
  void require(std::size_t features) const {
    if (features == shift.size() && features == divisor.size()) return;
    throw std::invalid_argument("normalisation: expected " + std::to_string(shift.size()) +
                                " features, found " + std::to_string(features));
  }
};

namespace detail {

template <class T, class Fit>
normalisation<T> fit_columns(const dataset<T>& samples, Fit fit) {
  if (samples.empty())
    throw std::invalid_argument("normalisation: expected at least one sample to fit, found none");
  normalisation<T> result;
  std::vector<double> column(samples.size());
  for (std::size_t feature = 0; feature < samples.features(); ++feature) {
    for (std::size_t i = 0; i < samples.size(); ++i)
      column[i] = static_cast<double>(samples.input(i)[feature]);
    const auto [smallest, largest] = std::minmax_element(column.begin(), column.end());
    // A constant column is asked for by its values: the rounded mean of equal numbers may differ from them.
    const auto [shift, spread] = *smallest == *largest
                                     ? std::pair(*smallest, 1.0)
                                     : fit(std::span<const double>(column), *smallest, *largest);
    const T divisor = static_cast<T>(spread);
    if (!std::isfinite(shift) || !std::isfinite(divisor)) {
      throw std::invalid_argument("normalisation: expected finite numbers of moderate size in feature " +
                                  std::to_string(feature) + ", found values whose spread overflows");
    }
    result.shift.push_back(static_cast<T>(shift));
    result.divisor.push_back(divisor > 0 ? divisor : T{1});
  }
  return result;
}

} // namespace detail

/// Mean 0 and standard deviation 1 (of the population) for every feature; constant features become 0.
/// Throws std::invalid_argument if there are no samples or the numbers are not finite.
template <class T>
normalisation<T> fit_standardisation(const dataset<T>& samples) {
  return detail::fit_columns(samples, [](std::span<const double> column, double, double) {
    const auto count = static_cast<double>(column.size());
    double mean = 0;
    for (const double value : column) mean += value / count;
    double variance = 0;
    for (const double value : column) variance += (value - mean) * (value - mean) / count;
    return std::pair(mean, std::sqrt(variance));
  });
}

/// Smallest value 0 and largest value 1 for every feature; constant features become 0. Samples that were not
/// fitted may fall outside. Throws std::invalid_argument if there are no samples or the numbers are not
/// finite.
template <class T>
normalisation<T> fit_min_max(const dataset<T>& samples) {
  return detail::fit_columns(samples, [](std::span<const double>, double smallest, double largest) {
    return std::pair(smallest, largest - smallest);
  });
}

} // namespace fusegrad::data
