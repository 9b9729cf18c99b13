// SPDX-License-Identifier: MIT
// expect: each needs one layer for each value
// expect: wrong_number_of_layers<.*position<0>.*got<3(UL)?>.*needs<2(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::inputs<fg::shape<2>, fg::shape<3>> | fg::each(fg::relu, fg::relu, fg::tanh);
#else
constexpr auto model = fg::inputs<fg::shape<2>, fg::shape<3>> | fg::each(fg::relu, fg::tanh);
#endif
