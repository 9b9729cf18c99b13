// SPDX-License-Identifier: MIT
// expect: is a derivative by an argument of the equation
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto law = fg::equation([](auto u, auto x, auto) { return d(u, 2 * x) - u; });
#else
constexpr auto law = fg::equation([](auto u, auto x, auto) { return d(u, x) / 2 - u; });
#endif
