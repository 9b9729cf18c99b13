// SPDX-License-Identifier: MIT
// expect: fusegrad: a traced value is not a number: write exp\(x\), not std::exp\(x\)
#include <cmath>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto act = fg::activation([](auto x) { return x * std::tanh(x); });
#else
constexpr auto act = fg::activation([](auto x) { return x * tanh(x); });
#endif
constexpr auto model = fg::input<4> | fg::dense<2> | act;
