// SPDX-License-Identifier: MIT
// expect: shape_mismatch<.*"groups".*position<1>.*got<64(UL)?>.*needs<32(UL)?>.*make_the_parts_add_up
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8> | fg::dense<64> | fg::groups(fg::on<16>(fg::relu), fg::on<16>(fg::tanh));
#else
constexpr auto model = fg::input<8> | fg::dense<32> | fg::groups(fg::on<16>(fg::relu), fg::on<16>(fg::tanh));
#endif
