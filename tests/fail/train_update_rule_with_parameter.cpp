// SPDX-License-Identifier: MIT
// expect: parameter<"name">.* is for activations
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto rule = fg::update_rule([](auto w, auto g) { return w - fg::parameter<"rate">(0.1) * g; });
#else
constexpr auto rule = fg::update_rule([](auto w, auto g) { return w - fg::setting<"rate">(0.1) * g; });
#endif
