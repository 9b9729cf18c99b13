// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace study {

/// Median and quartiles over runs. A run that failed counts as infinity, so that it moves the quartiles and spoils no
/// mean.
struct spread {
  double low = 0, median = 0, high = 0;
};

/// The number below which a share of the runs lies, between two runs linearly; `numbers` must be in order.
inline double quantile(const std::vector<double>& numbers, double share) {
  if (numbers.empty()) return std::nan("");
  const double place = share * static_cast<double>(numbers.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const double rest = place - static_cast<double>(below);
  // Not between a number and infinity, which would make NaN of 0 times infinity.
  if (rest == 0 || numbers[below] == numbers[below + 1]) return numbers[below];
  return numbers[below] * (1 - rest) + numbers[below + 1] * rest;
}

inline spread spread_of(std::vector<double> numbers) {
  for (double& x : numbers)
    if (std::isnan(x)) x = HUGE_VAL;
  std::sort(numbers.begin(), numbers.end());
  return {quantile(numbers, 0.25), quantile(numbers, 0.5), quantile(numbers, 0.75)};
}

inline double median(std::vector<double> numbers) { return spread_of(std::move(numbers)).median; }

/// The geometric mean, for ratios.
inline double geometric_mean(const std::vector<double>& ratios) {
  double sum = 0;
  for (double x : ratios) sum += std::log(x);
  return std::exp(sum / static_cast<double>(ratios.size()));
}

} // namespace study
