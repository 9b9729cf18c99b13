// SPDX-License-Identifier: MIT
// expect: write it behind the model's other layers
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<6> | (fg::dense<1> | fg::forces);
#else
constexpr auto model = fg::input<6> | fg::dense<1> | fg::forces;
#endif
