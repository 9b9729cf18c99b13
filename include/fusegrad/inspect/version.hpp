// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <string_view>

namespace fusegrad {

/// The version of the library, as its CMake package states it.
inline constexpr std::string_view version = "0.1.0";

} // namespace fusegrad
