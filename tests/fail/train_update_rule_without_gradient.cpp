// SPDX-License-Identifier: MIT
// expect: nothing that this update rule gives back depends on the gradient
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto rule = fg::update_rule([](auto w, auto g) { return w - 0.1; });
#else
constexpr auto rule = fg::update_rule([](auto w, auto g) { return w - 0.1 * g; });
#endif
