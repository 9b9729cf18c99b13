// SPDX-License-Identifier: MIT
// expect: concat joins channels of images of one height and width
// expect: parts_differ_in_positions<.*"concat".*position<1(UL)?>.*got<8(UL)?, 8(UL)?, 5(UL)?>.*needs<6(UL)?, 6(UL)?, 4(UL)?>.*make_all_branches_end_in_the_same_positions
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8, 8, 3> | fg::branch(fg::conv2d<4, 3>, fg::conv2d<5, 5>.padded_same()) | fg::concat;
#else
constexpr auto model = fg::input<8, 8, 3> | fg::branch(fg::conv2d<4, 3>, fg::conv2d<5, 5>.with_padding<1>()) | fg::concat;
#endif
