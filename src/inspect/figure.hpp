// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/inspect/chart.hpp>
#include <string>
#include <string_view>

namespace fusegrad::inspect::detail {

/// Whether there is anything to draw.
bool has_values(const series& s);

// Each chart as an HTML figure with a caption. They throw std::invalid_argument naming the chart where numbers do not
// match.
std::string to_figure(const line_chart& c);
std::string to_figure(const bar_chart& c);
std::string to_figure(const heat_map& c);
std::string to_figure(const field_map& c);

/// The figure around a drawing. `left_out` counts the numbers that have no place in it.
std::string figure(std::string_view style, std::string_view title, std::string_view note, std::string_view legend,
                   std::string_view drawing, std::size_t left_out);

} // namespace fusegrad::inspect::detail
