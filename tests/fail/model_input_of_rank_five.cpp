// SPDX-License-Identifier: MIT
// expect: at most four extents
// expect: too_many_extents<.*got<1(UL)?, 2(UL)?, 3(UL)?, 4(UL)?, 5(UL)?>.*needs<4(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<1, 2, 3, 4, 5>;
#else
constexpr auto model = fg::input<2, 3, 4, 5>;
#endif
