// SPDX-License-Identifier: MIT
#include "layer_table.hpp"

#include "station.hpp"

#include <algorithm>
#include <cmath>

namespace fusegrad::inspect::detail {

namespace {

/// Of the last step that is held and has such a number.
double last_of(const health_log& log, measure what, std::size_t layer) {
  const std::vector<double> values = log.series(what, layer);
  const auto found = std::find_if(values.rbegin(), values.rend(), [](double v) { return v == v; });
  return found == values.rend() ? std::numeric_limits<double>::quiet_NaN() : *found;
}

std::string number(double value) { return value == value ? short_number(value) : std::string{}; }
std::string share(double value) { return value == value ? percentage(value) : std::string{}; }

std::vector<std::string> row_of(const health_log& log, std::size_t layer) {
  const observed_layer& l = log.layers()[layer];
  const auto last = [&](measure what) { return last_of(log, what, layer); };
  const bool is_dead_known = last(measure::dead_share) == last(measure::dead_share) || log.dead_count(layer) > 0;
  const std::string dead = is_dead_known ? std::to_string(log.dead_count(layer)) : std::string{};
  return {l.path,
          l.name + ' ' + std::to_string(l.units),
          number(last(measure::mean)),
          number(std::sqrt(last(measure::variance))),
          number(last(measure::signal)),
          number(last(measure::gradient)),
          share(last(measure::zero_share)),
          dead,
          share(last(measure::saturated_share)),
          number(last(measure::update_ratio))};
}

} // namespace

std::vector<std::string> layer_table_head() {
  return {"", "layer", "mean", "deviation", "signal", "gradient", "zero", "dead", "saturated", "update"};
}

std::vector<std::vector<std::string>> layer_table(const health_log& log) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < log.layers().size(); ++i)
    if (log.layers()[i].name != "sequence") rows.push_back(row_of(log, i));
  return rows;
}

} // namespace fusegrad::inspect::detail
