// SPDX-License-Identifier: MIT
// expect: shape_mismatch<.*"swiglu".*position<1>.*got<15(UL)?>.*needs<16(UL)?>.*make_the_width_a_multiple
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8> | fg::dense<15> | fg::swiglu | fg::dense<4>;
#else
constexpr auto model = fg::input<8> | fg::dense<16> | fg::swiglu | fg::dense<4>;
#endif
