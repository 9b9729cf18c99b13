// SPDX-License-Identifier: MIT
// expect: dropout<rate> sets a share of the units to zero: a number from 0 to below 1
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4> | fg::dense<8> | fg::dropout<20.0> | fg::dense<2>;
#else
constexpr auto model = fg::input<4> | fg::dense<8> | fg::dropout<0.2> | fg::dense<2>;
#endif
