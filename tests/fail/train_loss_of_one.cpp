// SPDX-License-Identifier: MIT
// expect: a loss is a function of two arguments, prediction and target
// expect: got<1(UL)?>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto loss = fg::loss([](auto prediction) { return square(prediction); });
#else
constexpr auto loss = fg::loss([](auto prediction, auto target) { return square(prediction - target); });
#endif
