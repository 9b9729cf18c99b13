// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <system_error>

namespace fusegrad::base {

/// Reads the whole text as a number, in the form of std::from_chars and independent of the locale; what is too small to
/// tell from zero is zero, or the smallest number there is. Instantiated for float and double.
/// Answers invalid_argument for what is no number, and result_out_of_range for what is too large, of either sign.
template <class T> std::errc read_number(std::string_view text, T& number);

} // namespace fusegrad::base
