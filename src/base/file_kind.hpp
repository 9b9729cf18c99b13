// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace fusegrad::base {

/// What a file is, in words, if it begins as one of a well-known kind that we do not read here ("a ZIP archive, as
/// torch.save and Excel write"); else nothing.
std::string_view kind_of_file(std::string_view bytes) noexcept;

} // namespace fusegrad::base
