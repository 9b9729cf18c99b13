// SPDX-License-Identifier: MIT
// expect: fusegrad: this is a value, not a function that makes one
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;
#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4> | fg::dense<8> | fg::relu() | fg::dense<1>;
#else
constexpr auto model = fg::input<4> | fg::dense<8> | fg::relu | fg::dense<1>;
#endif
