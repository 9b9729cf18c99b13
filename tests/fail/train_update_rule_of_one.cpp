// SPDX-License-Identifier: MIT
// expect: an update rule is a function of two arguments, weight and gradient
// expect: got<1(UL)?>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto rule = fg::update_rule([](auto g) { return -0.1 * g; });
#else
constexpr auto rule = fg::update_rule([](auto w, auto g) { return w - 0.1 * g; });
#endif
