// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fusegrad::data::detail {

/// A file in a ZIP archive.
struct zip_member {
  std::string name;
  std::string contents;
};

/// All files of a ZIP archive, stored or deflated, with their checksums compared. Throws file_error, naming the
/// archive, for damage, encryption, other methods, parts that overlap, and archives of several files. Source: PKWARE,
/// ".ZIP File Format Specification" 6.3.
std::vector<zip_member> unzip(std::string_view bytes, std::string_view name);

/// An archive of these files. Throws std::invalid_argument for more than 4 GiB.
std::string zip(const std::vector<zip_member>& members, bool compress);

} // namespace fusegrad::data::detail
