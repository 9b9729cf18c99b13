// SPDX-License-Identifier: MIT
// expect: the body of a residual block must return the shape it is given
// expect: position<1>.*got<32(UL)?>.*needs<64(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<64> | fg::relu | fg::residual(fg::dense<32>);
#else
constexpr auto model = fg::input<64> | fg::relu | fg::residual(fg::dense<64>);
#endif
