// SPDX-License-Identifier: MIT
// expect: branches_differ_in_shape<.*"multiply".*position<2>.*got<4(UL)?>.*needs<8(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8> | fg::relu | fg::branch(fg::tanh, fg::dense<4>) | fg::multiply;
#else
constexpr auto model = fg::input<8> | fg::relu | fg::branch(fg::tanh, fg::dense<8>) | fg::multiply;
#endif
