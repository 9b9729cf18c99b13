// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fusegrad::data::detail {

/// How many classes there are: as many as were given or, if that is 0, the largest label plus one. Throws file_error
/// for labels outside, and for labels so large that the count of classes must be given (as `option`): one misprint
/// would else make millions of them.
std::size_t count_classes(std::span<const std::int32_t> labels, std::size_t given, std::string_view option,
                          std::string_view file);

} // namespace fusegrad::data::detail
