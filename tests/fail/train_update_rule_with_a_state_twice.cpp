// SPDX-License-Identifier: MIT
// expect: each state.* of an update rule gets one new value
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto rule = fg::update_rule([](auto w, auto g) { return fg::updated(w - 0.1 * fg::state<"last">(), fg::next<"last">(w), fg::next<"last">(g)); });
#else
constexpr auto rule = fg::update_rule([](auto w, auto g) { return fg::updated(w - 0.1 * fg::state<"last">(), fg::next<"last">(w - g)); });
#endif
