// SPDX-License-Identifier: MIT
#include "digits_table.hpp"

namespace fusegrad::data::detail {

// The rows have a file and a licence (LICENSE-digits) of their own.
const char digits_table[digits_count][digits_features + 2] = {
#include "digits_table.inc"
};

} // namespace fusegrad::data::detail
