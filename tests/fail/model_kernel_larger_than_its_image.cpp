// SPDX-License-Identifier: MIT
// expect: the kernel spans more rows or columns \(see needs\) than come in with their padding
// expect: kernel_does_not_fit<.*"conv2d".*position<1(UL)?>.*got<6(UL)?, 9(UL)?>.*needs<7(UL)?, 7(UL)?>.*make_the_kernel_smaller
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

// A dilation of 3 makes a kernel of 3 reach over 7.
#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<9, 12, 3> | fg::conv2d<4, 4> | fg::conv2d<4, 3>.with_dilation<3>();
#else
constexpr auto model = fg::input<9, 12, 3> | fg::conv2d<4, 3> | fg::conv2d<4, 3>.with_dilation<3>();
#endif
