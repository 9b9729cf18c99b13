// SPDX-License-Identifier: MIT
// expect: shape_mismatch<.*"self_attention".*position<0(UL)?>.*got<5(UL)?, 6(UL)?>.*needs<5(UL)?, 8(UL)?>.*make_the_columns_a_multiple_of_the_heads
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<5, 6> | fg::self_attention<4>;
#else
constexpr auto model = fg::input<5, 8> | fg::self_attention<4>;
#endif
