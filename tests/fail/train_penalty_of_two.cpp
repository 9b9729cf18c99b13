// SPDX-License-Identifier: MIT
// expect: a penalty is a function of one argument
// expect: got<2(UL)?>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto penalty = fg::weight_penalty([](auto w, auto g) { return w * g; });
#else
constexpr auto penalty = fg::weight_penalty([](auto w) { return w * w; });
#endif
