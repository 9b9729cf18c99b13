// SPDX-License-Identifier: MIT
// expect: a parameter of this name starts at two different numbers
// expect: nu
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr double start = 0.1;
#else
constexpr double start = 0.01;
#endif
constexpr auto heat = fg::equation([](auto u, auto x, auto t) { return d(u, t) - fg::parameter<"nu">(0.01) * d(u, x, x); });
constexpr auto flux = fg::equation([](auto u, auto x, auto) { return 1 + fg::parameter<"nu">(start) * d(u, x); });
constexpr auto problem = fg::physics(heat, flux);
