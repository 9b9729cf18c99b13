// SPDX-License-Identifier: MIT
// expect: masked_sum takes one number of the second value for each position
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::inputs<fg::shape<3, 2>, fg::shape<2>> | fg::masked_sum;
#else
constexpr auto model = fg::inputs<fg::shape<3, 2>, fg::shape<3>> | fg::masked_sum;
#endif
