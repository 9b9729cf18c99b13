// SPDX-License-Identifier: MIT
// expect: fusegrad: a traced value is not a number: write exp\(x\), not std::exp\(x\)
#include <cmath>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto loss = fg::loss([](auto p, auto y) { return std::log(1 + fg::square(p - y)); });
#else
constexpr auto loss = fg::loss([](auto p, auto y) { return log(1 + fg::square(p - y)); });
#endif
double at_one = loss(1.0, 0.0);
