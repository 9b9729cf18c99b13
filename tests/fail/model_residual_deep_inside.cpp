// SPDX-License-Identifier: MIT
// expect: residual_changes_the_shape<.*position<0, 1, 1>.*got<16(UL)?>.*needs<32(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<64> | fg::residual(fg::dense<64> | fg::residual(fg::dense<32> | fg::residual(fg::dense<16>) | fg::dense<64>));
#else
constexpr auto model = fg::input<64> | fg::residual(fg::dense<64> | fg::residual(fg::dense<32> | fg::residual(fg::dense<32>) | fg::dense<64>));
#endif
