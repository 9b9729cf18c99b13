// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace fusegrad::base {

/// The whole file; throws file_error if it cannot be read, and for a device that has given 64 MiB and goes on.
std::string read_file(const std::filesystem::path& path);

/// At most `size` bytes from `offset` on; fewer where the file ends. Throws file_error if it cannot be read, and
/// for a device.
std::string read_part(const std::filesystem::path& path, std::size_t offset, std::size_t size);

/// Writes the parts one after the other so that whoever opens the file at any time, also after the process was
/// killed or the power was cut, finds the older file or the new one, whole.
///
/// They go to a temporary file in the same folder, which is synced and renamed, and the folder is synced. What is
/// there keeps its mode, and its owner and group where we may set them; other names of the same file (hard links)
/// keep the older contents. A symbolic link stays one, and the file that it names is written. What is no regular
/// file (a FIFO, a terminal, /dev/stdout) is written to as it is. Temporary files of processes that were killed are
/// removed by the next one that writes into the folder.
///
/// Throws file_error naming the file and the cause. A file there is then as it was, and no temporary file is left;
/// only where the message says that the folder could not be synced, the new file is in place.
void write_durably(const std::filesystem::path& path, std::span<const std::string_view> parts);
void write_durably(const std::filesystem::path& path, std::initializer_list<std::string_view> parts);

/// A file and the name it is to have, in the same folder.
struct new_name {
  std::filesystem::path from, to;
};
/// Gives files new names, one after the other, and syncs their folder; a file that had the name is replaced.
/// Throws file_error naming the file and the cause; the names given before are then taken back.
void rename_durably(std::span<const new_name> names);

/// Bytes as a part to write.
std::string_view as_text(std::span<const std::byte> bytes) noexcept;

/// Text from a file for use in a message: quoted, cut to a readable length, without control characters.
std::string in_quotes(std::string_view text);

} // namespace fusegrad::base
