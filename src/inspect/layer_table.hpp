// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/inspect/health_log.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::inspect::detail {

/// What is known of each layer in the step held last, in words; blocks, which put out what their last layer does, are
/// left out.
std::vector<std::vector<std::string>> layer_table(const health_log& log);
std::vector<std::string> layer_table_head();

inline constexpr std::string_view layer_table_note =
    "of the step held last; signal: deviation over the samples; gradient: norm of d loss / d output;\n"
    "saturated: not zero, and the gradient hardly passes; update: change of the weights over their norm\n";

} // namespace fusegrad::inspect::detail
