// SPDX-License-Identifier: MIT
// expect: an activation may use parameter<"name">
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto layer = fg::activation([](auto x) { return fg::state<"before">() + x; });
#else
constexpr auto layer = fg::activation([](auto x) { return fg::parameter<"shift">(0) + x; });
#endif
