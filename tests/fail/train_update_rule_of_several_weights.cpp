// SPDX-License-Identifier: MIT
// expect: an update rule gives back one new weight
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto rule = fg::update_rule([](auto w, auto g) { return fg::values(w - 0.1 * g, g); });
#else
constexpr auto rule = fg::update_rule([](auto w, auto g) { return fg::updated(w - 0.1 * g, fg::next<"last">(g)); });
#endif
