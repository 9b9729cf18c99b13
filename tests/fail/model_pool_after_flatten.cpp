// SPDX-License-Identifier: MIT
// expect: layer_needs_an_image<.*"max_pool2d".*position<1(UL)?, 2(UL)?>.*got<288(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8, 8, 3> | fg::relu | (fg::conv2d<8, 3> | fg::flatten | fg::max_pool2d<2> | fg::dense<4>);
#else
constexpr auto model = fg::input<8, 8, 3> | fg::relu | (fg::conv2d<8, 3> | fg::max_pool2d<2> | fg::flatten | fg::dense<4>);
#endif
