// SPDX-License-Identifier: MIT
// expect: this is a whole model, with its input
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::dense<2> | (fg::input<2> | fg::dense<2>);
#else
constexpr auto model = fg::input<2> | fg::dense<2> | (fg::relu | fg::dense<2>);
#endif
