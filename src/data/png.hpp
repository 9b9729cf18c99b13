// SPDX-License-Identifier: MIT
#pragma once

#include "raster.hpp"

#include <string_view>

namespace fusegrad::data::detail {

/// Whether the bytes begin as a PNG image does.
bool is_png(std::string_view bytes) noexcept;

/// The pixels of a PNG image; palettes become colours, and a transparent colour becomes alpha. Throws file_error for
/// damaged and cut off files and sizes that the file cannot hold, and for all of them where libpng was not there when
/// the library was built.
raster read_png(std::string_view bytes, std::string_view name);

} // namespace fusegrad::data::detail
