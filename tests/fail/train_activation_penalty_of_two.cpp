// SPDX-License-Identifier: MIT
// expect: a penalty is a function of one argument
// expect: got<2(UL)?>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto penalty = fg::activation_penalty([](auto y, auto z) { return y * z; });
#else
constexpr auto penalty = fg::activation_penalty([](auto y) { return y * y; });
#endif
