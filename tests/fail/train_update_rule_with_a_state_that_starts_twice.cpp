// SPDX-License-Identifier: MIT
// expect: names a parameter, state or setting more than once, with different initial values
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr double later = 2;
#else
constexpr double later = 1;
#endif
constexpr auto rule = fg::update_rule([](auto w, auto g) { return fg::updated(w - 0.1 * g * fg::state<"s">(1.0), fg::next<"s">(fg::state<"s">(later) * 0.9)); });
