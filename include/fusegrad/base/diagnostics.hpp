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

/// What a check gives where something does not fit: the error by its name alone. Whoever the user calls says it, as
/// `sizeof(typename found::error)`: g++ prints a line for each template between that and the words.
template <class Error> struct fault {
  using error = Error;
};
struct no_fault {
  using error = no_fault;
};
template <class> inline constexpr bool is_fault = false;
template <class Error> inline constexpr bool is_fault<fault<Error>> = true;

/// The first fault of several checks, or no_fault.
template <class... Found> struct first_fault {
  using type = no_fault;
};
template <class... More> struct first_fault<no_fault, More...> : first_fault<More...> {};
template <class Error, class... More> struct first_fault<fault<Error>, More...> {
  using type = fault<Error>;
};
} // namespace diagnostics

} // namespace fusegrad
