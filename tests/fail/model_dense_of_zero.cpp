// SPDX-License-Identifier: MIT
// expect: a dense layer needs at least one unit
// expect: dense_has_zero_width<.*got<0(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::dense<0>;
#else
constexpr auto model = fg::input<2> | fg::dense<1>;
#endif
