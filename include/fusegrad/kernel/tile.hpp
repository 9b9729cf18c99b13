// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad::kernel::inline FUSEGRAD_ABI {

/// So many numbers or vectors side by side. The size is cast, since GCC warns of the sign of one that is a template
/// parameter.
template <class V, int Count> using line = V[static_cast<std::size_t>(Count)];

/// A tile of vectors: so many rows of so many.
template <class V, int Rows, int Count> using tile = V[static_cast<std::size_t>(Rows)][static_cast<std::size_t>(Count)];

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
