// SPDX-License-Identifier: MIT
// expect: an update rule gives back the new weight, not the step
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto rule = fg::update_rule([](auto w, auto g) { return -0.1 * g; });
#else
constexpr auto rule = fg::update_rule([](auto w, auto g) { return w - 0.1 * g; });
#endif
