// SPDX-License-Identifier: MIT
// expect: a penalty has no parameter, state or setting
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto penalty = fg::weight_penalty([](auto w) { return fg::setting<"strength">(0.1) * w * w; });
#else
constexpr auto penalty = fg::weight_penalty([](auto w) { return 0.1 * w * w; });
#endif
