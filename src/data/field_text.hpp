// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace fusegrad::data::detail {

/// The text without blanks and tabs around it.
std::string_view without_blanks(std::string_view text) noexcept;

/// The field without blanks around it and without the plus sign that from_chars does not know.
std::string_view number_text(std::string_view text) noexcept;

/// Whether a field reads as a number, also one that is too large or not finite.
bool is_number(std::string_view text);

/// Whether a field has the form of a date, a time of day or both: 2024-01-31, 31.1.24, 1/31/2024, 12:30,
/// 2024-01-31T12:30:00Z.
bool is_date(std::string_view text) noexcept;

/// What was found in a field where something else was expected: its text in quotes, and that it is a date.
std::string found_in_words(std::string_view text);

/// Writes a field, in quotes where it needs them.
void append_field(std::string& text, std::string_view field, char separator);

} // namespace fusegrad::data::detail
