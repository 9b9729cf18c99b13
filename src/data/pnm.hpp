// SPDX-License-Identifier: MIT
#pragma once

#include "raster.hpp"

#include <string_view>

namespace fusegrad::data::detail {

/// Whether the bytes begin as an image of the Netpbm family does, of whichever kind.
bool is_pnm(std::string_view bytes) noexcept;

/// The pixels of a raw PGM or PPM image (P5, P6), as views of its bytes. Throws file_error for other kinds, and where
/// header and file do not agree.
raster read_pnm(std::string_view bytes, std::string_view name);

} // namespace fusegrad::data::detail
