// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace fusegrad::data::detail {

/// The whole file; throws file_error if it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Writes the pieces one after the other to a temporary file beside `path` and renames it when it is
/// complete, so that nobody sees half a file and a failure leaves an older one untouched; throws file_error.
void write_file(const std::filesystem::path& path, std::initializer_list<std::string_view> pieces);

/// Text from a file for use in a message: quoted, cut to a readable length, without control characters.
std::string in_quotes(std::string_view text);

} // namespace fusegrad::data::detail
