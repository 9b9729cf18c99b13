// SPDX-License-Identifier: MIT
// expect: write dense<units>, or dense<inputs, units>
// expect: got<2(UL)?, 3(UL)?, 4(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::dense<2, 3, 4>;
#else
constexpr auto model = fg::input<2> | fg::dense<2, 3>;
#endif
