// SPDX-License-Identifier: MIT
// expect: a loss has no state or setting
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto loss = fg::loss([](auto p, auto t) { return fg::setting<"scale">(2) * square(p - t); });
#else
constexpr auto loss = fg::loss([](auto p, auto t) { return fg::parameter<"scale">(2) * square(p - t); });
#endif
