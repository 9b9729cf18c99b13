// SPDX-License-Identifier: MIT
// expect: a pool pads by less than its size
// expect: padding_is_as_large_as_the_kernel<.*"max_pool2d".*position<0(UL)?>.*got<1(UL)?, 3(UL)?>.*needs<2(UL)?, 2(UL)?>.*pad_by_less_or_make_the_pool_larger
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8, 8, 3> | fg::max_pool2d<2>.with_padding<1, 3>();
#else
constexpr auto model = fg::input<8, 8, 3> | fg::max_pool2d<2>.with_padding<1, 1>();
#endif
