// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace fusegrad::data::detail {

inline constexpr std::size_t digits_count = 1797;
inline constexpr std::size_t digits_features = 64;

/// One string a sample: 64 pixels, row by row, each 0 to 16 written as 0-9 and a-g, then the label 0-9.
extern const char digits_table[digits_count][digits_features + 2];

} // namespace fusegrad::data::detail
