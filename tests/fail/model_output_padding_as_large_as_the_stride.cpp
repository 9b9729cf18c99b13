// SPDX-License-Identifier: MIT
// expect: output padding is smaller than the stride or the dilation
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4, 4, 3> | fg::transposed_conv2d<4, 3>.with_stride<2>().with_output_padding<2>();
#else
constexpr auto model = fg::input<4, 4, 3> | fg::transposed_conv2d<4, 3>.with_stride<2>().with_output_padding<1>();
#endif
