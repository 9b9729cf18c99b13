// SPDX-License-Identifier: MIT
// expect: names a parameter, state or setting more than once, with different initial values
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto rule = fg::update_rule([](auto w, auto g) { return w - fg::setting<"rate">(0.1) * g - fg::setting<"rate">(0.2) * w; });
#else
constexpr auto rule = fg::update_rule([](auto w, auto g) { return w - fg::setting<"rate">(0.1) * g - fg::setting<"decay">(0.2) * w; });
#endif
