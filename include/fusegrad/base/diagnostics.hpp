// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

namespace fusegrad {

/// False for every type: the condition of a `static_assert` in a class template that is named for an error.
/// The name and its arguments then stand in the first lines of both compilers' output.
template <class...> inline constexpr bool fits = false;

/// The vocabulary in which errors name what is wrong; each is only ever seen in a compiler's message.
namespace diagnostics {
template <std::size_t...>
struct position; ///< the layer's place in its sequence, the input left out; then its place in the block there
template <auto...> struct got;   ///< what was found
template <auto...> struct needs; ///< what would fit
template <class...> struct fix;  ///< the cure
} // namespace diagnostics

} // namespace fusegrad
