// SPDX-License-Identifier: MIT
// expect: takes one value and gets several
// expect: wrong_number_of_values<.*"dense".*position<1>.*got<2(UL)?>.*needs<1>.*insert_concat_or_add_or_multiply_before_it
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8> | fg::branch(fg::relu, fg::tanh) | fg::dense<4>;
#else
constexpr auto model = fg::input<8> | fg::branch(fg::relu, fg::tanh) | fg::concat | fg::dense<4>;
#endif
