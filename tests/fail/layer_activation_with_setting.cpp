// SPDX-License-Identifier: MIT
// expect: an activation may use parameter<"name">
// expect: those belong to update rules
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto layer = fg::activation([](auto x) { return fg::setting<"slope">(2) * x; });
#else
constexpr auto layer = fg::activation([](auto x) { return fg::parameter<"slope">(2) * x; });
#endif
