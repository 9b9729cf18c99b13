// SPDX-License-Identifier: MIT
// expect: nothing is left of the image
// expect: nothing_is_left_of_the_image<.*"crop2d".*position<0(UL)?>.*got<4(UL)?, 9(UL)?>.*needs<7(UL)?, 7(UL)?>.*cut_off_less
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4, 9, 3> | fg::crop2d<3>;
#else
constexpr auto model = fg::input<7, 9, 3> | fg::crop2d<3>;
#endif
