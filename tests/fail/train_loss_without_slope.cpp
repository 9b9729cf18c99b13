// SPDX-License-Identifier: MIT
// expect: the derivative of this loss by the prediction is zero everywhere
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto wrong_answers = fg::loss([](auto p, auto t) { return select(p > 0.5, 1 - t, t); });
#else
constexpr auto wrong_answers = fg::loss([](auto p, auto t) { return select(p > 0.5, p - t, t - p); });
#endif
