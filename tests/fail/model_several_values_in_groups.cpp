// SPDX-License-Identifier: MIT
// expect: wrong_number_of_values<.*"groups".*position<0, 0>.*got<2(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4> | fg::groups(fg::on<4>(fg::branch(fg::relu, fg::tanh)));
#else
constexpr auto model = fg::input<4> | fg::groups(fg::on<4>(fg::branch(fg::relu, fg::tanh) | fg::add));
#endif
