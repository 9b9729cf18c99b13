// SPDX-License-Identifier: MIT
// expect: the shape that comes in does not fit the layer
// expect: shape_mismatch<.*"dense".*position<1>.*got<10(UL)?>.*needs<64(UL)?>.*leave_out_the_first_size
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<20> | fg::dense<10> | fg::dense<64, 32>;
#else
constexpr auto model = fg::input<20> | fg::dense<64> | fg::dense<64, 32>;
#endif
