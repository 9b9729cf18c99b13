// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/file_error.hpp>

namespace fusegrad::data {

using base::file_error;

} // namespace fusegrad::data
