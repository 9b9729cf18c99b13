// SPDX-License-Identifier: MIT
// expect: a gradient is that of one number
// expect: got<.*3.*>
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<6> | fg::dense<3> | fg::forces;
#else
constexpr auto model = fg::input<6> | fg::dense<1> | fg::forces;
#endif
