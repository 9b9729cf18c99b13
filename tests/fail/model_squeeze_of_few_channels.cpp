// SPDX-License-Identifier: MIT
// expect: shape_mismatch<.*"squeeze_excite".*position<0>.*got<5(UL)?, 5(UL)?, 8(UL)?>.*needs<5(UL)?, 5(UL)?, 16(UL)?>.*make_the_reduction
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<5, 5, 8> | fg::squeeze_excite<16> | fg::global_average_pool;
#else
constexpr auto model = fg::input<5, 5, 8> | fg::squeeze_excite<8> | fg::global_average_pool;
#endif
