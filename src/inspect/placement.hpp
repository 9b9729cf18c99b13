// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <fusegrad/inspect/chart.hpp>
#include <limits>
#include <string>
#include <vector>

namespace fusegrad::inspect::detail {

/// What is known of the numbers before they are placed.
struct extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  double lowest_positive = std::numeric_limits<double>::infinity();

  void include(double value) {
    if (!std::isfinite(value)) return;
    low = std::fmin(low, value);
    high = std::fmax(high, value);
    if (value > 0) lowest_positive = std::fmin(lowest_positive, value);
  }
  [[nodiscard]] bool empty() const { return !(low <= high); }
};

/// From values to places in the drawing, along one axis.
struct placement {
  double low = 0, high = 1;
  bool logarithmic = false;
  double begin = 0, end = 1; ///< where low and high lie
  std::vector<double> ticks = {};

  [[nodiscard]] bool has_place(double value) const { return std::isfinite(value) && (!logarithmic || value > 0); }
  /// Values beyond the ends lie on the ends.
  [[nodiscard]] double operator()(double value) const;
};

enum class ends {
  at_ticks, ///< the axis ends at round numbers, and begins at 0 where that is near
  at_values,
};

/// Places numbers of this extent between `begin` and `end`, with ticks at about `parts` round numbers.
placement place(const axis& a, const extent& of, ends where, double begin, double end, double parts);

/// Whether steps between values are equal, as those of layers and epochs are: such values are not meant to be seen by
/// their ratios.
bool are_evenly_spaced(std::vector<double> values);

/// Ticks at the values themselves, where they are few and apart from each other by `distance`.
void tick_at_values(placement& p, std::vector<double> values, double distance);

/// A short form: 0.001, 50, 1e-9.
std::string tick_label(double value, int digits = 5);
/// "0.0123 ms", with the decimals and the unit of the axis.
std::string in_words(double value, const axis& a);
/// "time, ms (logarithmic)".
std::string label_of(const axis& a, const placement& p);

} // namespace fusegrad::inspect::detail
