// SPDX-License-Identifier: MIT
// expect: the groups of a convolution take equal shares of the channels
// expect: groups_do_not_divide_the_channels<.*"conv2d".*position<0(UL)?>.*got<6(UL)?>.*needs<8(UL)?>.*choose_groups_that_divide_the_channels
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<5, 5, 6> | fg::conv2d<8, 3>.with_groups<4>();
#else
constexpr auto model = fg::input<5, 5, 6> | fg::conv2d<8, 3>.with_groups<2>();
#endif
