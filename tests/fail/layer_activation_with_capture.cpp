// SPDX-License-Identifier: MIT
// expect: a traced function must be a lambda without captures
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
auto make(double slope) { return fg::activation([=](auto x) { return slope * x; }); }
#else
template <int Slope> auto make() { return fg::activation([](auto x) { return Slope * x; }); }
#endif
