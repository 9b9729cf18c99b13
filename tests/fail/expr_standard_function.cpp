// SPDX-License-Identifier: MIT
// expect: fusegrad: a traced value is not a number: write exp\(x\), not std::exp\(x\)
#include <fusegrad/expr/calculus.hpp>
#include <cmath>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = fg::function([](auto x) { return x * std::exp(x); });
#else
constexpr auto f = fg::function([](auto x) { return x * exp(x); });
#endif
double y = f(1.0);
