// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace fusegrad::inspect::detail {

/// One line of a chart: a value for each epoch, NaN where there is none.
struct series {
  std::string name;
  std::string style; ///< the CSS class that gives its colour
  std::vector<double> values;
};

enum class scale {
  linear,
  automatic, ///< logarithmic where the values span more than a factor of 20, and all are positive
};

/// A chart over epochs.
struct chart {
  std::string title;
  std::string unit; ///< of the values; empty if they have none
  std::vector<series> lines;
  int decimals = 2; ///< of values in words
  scale vertical = scale::automatic;
  double upper_limit = 0; ///< the axis does not go beyond, where it is above 0
};

/// Whether there is anything to draw.
bool has_values(const chart& c);

/// The chart as an HTML figure with an inline SVG and a legend.
std::string to_figure(const chart& c);

} // namespace fusegrad::inspect::detail
