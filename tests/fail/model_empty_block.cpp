// SPDX-License-Identifier: MIT
// expect: need at least one layer
// expect: block_is_empty<
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::branch();
#else
constexpr auto model = fg::input<2> | fg::branch(fg::relu);
#endif
