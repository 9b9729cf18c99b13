// SPDX-License-Identifier: MIT
// expect: an equation has no state or setting
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto law = fg::equation([](auto u, auto x, auto) { return d(u, x) - fg::setting<"rate">(0.5) * u; });
#else
constexpr auto law = fg::equation([](auto u, auto x, auto) { return d(u, x) - fg::parameter<"rate">(0.5) * u; });
#endif
