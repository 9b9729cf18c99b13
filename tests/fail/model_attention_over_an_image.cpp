// SPDX-License-Identifier: MIT
// expect: shape_mismatch<.*"causal self_attention".*position<0(UL)?>.*got<4(UL)?, 5(UL)?, 6(UL)?>.*needs<20(UL)?, 6(UL)?>.*reshape_it_to_positions_and_columns
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4, 5, 6> | fg::self_attention<2>.causal();
#else
constexpr auto model = fg::input<4, 5, 6> | fg::reshape<20, 6> | fg::self_attention<2>.causal();
#endif
