// SPDX-License-Identifier: MIT
#include "../base/file.hpp"
#include "layer_table.hpp"
#include "station.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fusegrad/base/csv_field.hpp>
#include <fusegrad/base/text.hpp>

namespace fusegrad::inspect {

namespace {

/// A longer table is no longer read; its middle is left out.
constexpr std::size_t most_rows = 32;

using row = std::vector<std::string>;

/// The first two columns start at the left, numbers end at the right.
std::string aligned(const std::vector<row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const row& r : rows)
    for (std::size_t c = 0; c < r.size(); ++c) widths[c] = std::max(widths[c], r[c].size());
  std::string text;
  for (const row& r : rows) {
    std::string line;
    for (std::size_t c = 0; c < r.size(); ++c) {
      if (c > 0) line += "  ";
      line += c < 2 ? base::left_aligned(r[c], widths[c]) : base::right_aligned(r[c], widths[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string table(const health_log& log) {
  std::vector<row> rows = detail::layer_table(log);
  if (const std::size_t count = rows.size(); count > most_rows) {
    row gap(rows.front().size());
    gap[0] = "...";
    gap[1] = std::to_string(count - most_rows) + " more";
    const auto half = static_cast<std::ptrdiff_t>(most_rows / 2);
    rows.erase(rows.begin() + half, rows.end() - half);
    rows.insert(rows.begin() + half, gap);
  }
  rows.insert(rows.begin(), detail::layer_table_head());
  return aligned(rows) + std::string(detail::layer_table_note);
}

std::string course(const health_log& log) {
  const std::size_t steps = log.steps_taken();
  std::string text = base::grouped(steps) + (steps == 1 ? " step" : " steps");
  if (log.losses().empty()) return text + '\n';
  text += ", loss " + detail::short_number(log.losses().front());
  return (steps == 1 ? text : text + " at first, " + detail::short_number(log.losses().back()) + " at last") + '\n';
}

// Not printf: a decimal comma of the user's locale would make two fields of one number.
void append_field(std::string& csv, double value) {
  csv += ',';
  if (!std::isfinite(value)) return;
  char digits[32];
  csv.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

} // namespace

std::string health_log::to_string() const {
  std::string text = course(*this);
  const std::vector<finding> all = findings();
  if (steps_taken_ == 0) return text + "nothing was observed\n";
  if (all.empty()) text += "nothing to complain of\n";
  for (std::size_t i = 0; i < all.size(); ++i) {
    text += '\n' + std::to_string(i + 1) + ". ";
    const bool is_cured_above = i > 0 && !all[i].remedies.empty() && all[i].remedies == all[i - 1].remedies;
    text += is_cured_above ? all[i].what + "\n  the same helps\n" : all[i].to_string();
  }
  return text + '\n' + table(*this);
}

std::string health_log::to_csv() const {
  std::string csv = "step,loss,gradient_norm,layer,name,units,mean,variance,signal,shift,gradient,zero_share,saturated_"
                    "share,dead_share,weight_gradient,weight,"
                    "update_ratio\n";
  for (std::size_t i = 0; i < steps_.size(); ++i)
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
      csv += std::to_string(steps_[i]);
      append_field(csv, losses_[i]);
      append_field(csv, gradient_norms_[i]);
      csv += ',' + base::csv_field(layers_[layer].path) + ',' + base::csv_field(layers_[layer].name) + ',' +
             std::to_string(layers_[layer].units);
      for (const double value : records_[i * layers_.size() + layer]) append_field(csv, value);
      csv += '\n';
    }
  return csv;
}

void health_log::save_csv(const base::file_path& path) const { base::write_durably(path, {to_csv()}); }

} // namespace fusegrad::inspect
