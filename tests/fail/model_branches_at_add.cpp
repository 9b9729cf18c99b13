// SPDX-License-Identifier: MIT
// expect: add and multiply join values of one shape
// expect: branches_differ_in_shape<.*"add".*position<1>.*got<5(UL)?>.*needs<3(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8> | fg::branch(fg::dense<3>, fg::dense<5>) | fg::add;
#else
constexpr auto model = fg::input<8> | fg::branch(fg::dense<3>, fg::dense<5>) | fg::concat;
#endif
