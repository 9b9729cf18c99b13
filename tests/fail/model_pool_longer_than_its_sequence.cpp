// SPDX-License-Identifier: MIT
// expect: kernel_does_not_fit<.*"average_pool1d".*position<0(UL)?>.*got<7(UL)?>.*needs<8(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<5, 3> | fg::average_pool1d<8>.with_padding<1>();
#else
constexpr auto model = fg::input<5, 3> | fg::average_pool1d<8>.with_padding<2>();
#endif
