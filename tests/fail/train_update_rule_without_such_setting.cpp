// SPDX-License-Identifier: MIT
// expect: the update rule does not use a setting of this name
// expect: update_rule_has_no_such_setting<.*"decay"
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto rule = fg::update_rule([](auto w, auto g) { return w - fg::setting<"rate">(0.1) * g; });

#ifdef FUSEGRAD_FAIL
constexpr auto changed = rule.with<"decay">(0.9);
#else
constexpr auto changed = rule.with<"rate">(0.01);
#endif
