// SPDX-License-Identifier: MIT
// expect: an input needs at least one number
// expect: input_has_zero_width<.*got<0(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<0>;
#else
constexpr auto model = fg::input<1>;
#endif
