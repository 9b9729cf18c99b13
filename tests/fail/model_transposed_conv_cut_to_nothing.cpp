// SPDX-License-Identifier: MIT
// expect: nothing is left of the image
// expect: nothing_is_left_of_the_image<.*"transposed_conv2d".*position<0(UL)?>.*got<1(UL)?, 5(UL)?>.*needs<3(UL)?, 3(UL)?>.*cut_off_less
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<1, 5, 3> | fg::transposed_conv2d<4, 3>.with_padding<2>();
#else
constexpr auto model = fg::input<3, 5, 3> | fg::transposed_conv2d<4, 3>.with_padding<2>();
#endif
