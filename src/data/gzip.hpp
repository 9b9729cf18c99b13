// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fusegrad::data::detail {

/// Whether the bytes begin as a gzip file does, whatever the file is called.
bool is_gzip(std::string_view bytes) noexcept;

/// At most the first `most` bytes of what a gzip file (RFC 1952, several members allowed) holds; memory grows
/// with what is really there. If the contents are shorter than that, the file has been read to its end and
/// its checksums hold. Throws file_error, naming the file, if it is damaged or cut off or has something
/// but zeros behind its end.
std::string gunzip(std::string_view compressed, std::size_t most, std::string_view name);

/// What deflated data without a header (RFC 1951) hold, `size` bytes; memory grows with what is there. Throws
/// file_error, naming the file, if they are damaged, cut off or of another size.
std::string inflate_exactly(std::string_view compressed, std::size_t size, std::string_view name);

/// The contents as such data.
std::string deflated(std::string_view contents);

/// The checksum of ZIP archives.
std::uint32_t crc32_of(std::string_view contents) noexcept;

} // namespace fusegrad::data::detail
