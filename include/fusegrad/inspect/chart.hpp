// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <limits>
#include <string>
#include <vector>

namespace fusegrad::inspect {

/// How values lie along an axis, or colours along values.
enum class scale {
  automatic, ///< logarithmic where all values are positive and span more than a factor of 20, but for an x in equal
             ///< steps
  linear,
  logarithmic, ///< zeros and negative numbers are left out
};

/// One axis of a chart, or the values that colours stand for.
struct axis {
  std::string title = {};
  std::string unit = {}; ///< empty if the values have none
  inspect::scale scale = inspect::scale::automatic;
  double low = std::numeric_limits<double>::quiet_NaN(); ///< where the axis begins; NaN: where the values do
  double high = std::numeric_limits<double>::quiet_NaN();
  int decimals = -1; ///< of values in words; -1: as many as four digits need
};

/// The points of one line: y over x. Points with a NaN or an infinity are gaps, and the chart says how many there are.
struct series {
  std::string name = {};
  std::vector<double> x = {};
  std::vector<double> y = {};
  std::vector<double> low = {}; ///< of a band, such as the lower quartile; empty: no band
  std::vector<double> high = {};
};

/// How the points of a curve are drawn.
enum class marks {
  lines,  ///< with markers where they have room
  points, ///< not joined: a scatter chart
};

/// Lines or points over numbers. Every line differs by colour, dashes and marker, named at its end where that fits and
/// else in a legend.
struct line_chart {
  std::string title = {};
  std::string note = {}; ///< a sentence below the title: what to look for
  axis x = {};
  axis y = {};
  std::vector<series> lines = {};
  std::vector<std::string> highlighted = {}; ///< names; where there are any, the other lines are thin and grey
  bool small_multiples = false;              ///< a small chart for each line
  bool others_behind = true;                 ///< of small multiples: the other lines in grey behind each
  bool last_values = false;                  ///< a legend, in which each name is followed by its line's last value
  inspect::marks marks = inspect::marks::lines;
};

/// The bars of one colour: a value for each category, NaN where there is none.
struct bars {
  std::string name = {};
  std::vector<double> values = {};
  std::vector<double> low = {}; ///< of error bars, such as the lower quartile; empty: none
  std::vector<double> high = {};
};

/// Horizontal bars, a row for each category, one bar for each of `groups` in it. On a logarithmic scale they begin at
/// the left edge.
struct bar_chart {
  std::string title = {};
  std::string note = {};
  axis values = {};
  std::vector<std::string> categories = {};
  std::vector<bars> groups = {};
  std::vector<std::string> highlighted = {}; ///< categories; where there are any, the bars of the others are paler
};

/// Numbers in rows and columns, each on a colour from pale for low to dark for high.
struct heat_map {
  std::string title = {};
  std::string note = {};
  axis values = {};
  std::string row_title = {};
  std::string column_title = {};
  std::vector<std::string> rows = {};
  std::vector<std::string> columns = {};
  std::vector<std::vector<double>> numbers = {}; ///< [row][column]
};

/// A function of two numbers as colours: a solution over space and time, or its error. With negative numbers among them
/// there are two colours, palest at zero; else one, from pale for low to dark for high.
struct field_map {
  std::string title = {};
  std::string note = {};
  axis x = {}; ///< low and high are where the first column begins and the last one ends
  axis y = {}; ///< the same of the rows
  axis values = {};
  std::vector<std::vector<double>> numbers = {}; ///< [row][column], the first row lowest
};

} // namespace fusegrad::inspect
