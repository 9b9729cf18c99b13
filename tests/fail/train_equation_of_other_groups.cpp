// SPDX-License-Identifier: MIT
// expect: fusegrad: an equation<50, 1> is called with each output of the network as a number
// expect: needs<50(UL)?, 1(UL)?>
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
auto loss() { return fg::equation<50, 1>([](auto u, auto x) { return d(u, x[0]); }); }
#else
auto loss() { return fg::equation<50, 1>([](auto u, auto x, auto) { return d(u, x[0]); }); }
#endif
