// SPDX-License-Identifier: MIT
// expect: the layer moves over an image of \[height\]\[width\]\[channels\]
// expect: layer_needs_an_image<.*"conv2d".*position<0(UL)?>.*got<28(UL)?, 28(UL)?>.*begin_with_an_input_of_height_width_channels
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<28, 28> | fg::conv2d<8, 3>;
#else
constexpr auto model = fg::input<28, 28, 1> | fg::conv2d<8, 3>;
#endif
