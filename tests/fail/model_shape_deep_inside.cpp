// SPDX-License-Identifier: MIT
// expect: shape_mismatch<.*"dense".*position<0, 1, 1, 1, 0>.*got<5(UL)?>.*needs<4(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8> | fg::residual(fg::dense<8> | fg::branch(fg::dense<3>, fg::dense<5> | fg::groups(fg::on<5>(fg::dense<4, 4>))) | fg::concat | fg::dense<8>);
#else
constexpr auto model = fg::input<8> | fg::residual(fg::dense<8> | fg::branch(fg::dense<3>, fg::dense<5> | fg::groups(fg::on<5>(fg::dense<5, 4>))) | fg::concat | fg::dense<8>);
#endif
