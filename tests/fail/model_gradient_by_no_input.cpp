// SPDX-License-Identifier: MIT
// expect: the model has fewer inputs than that
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<6> | fg::dense<1> | fg::input_gradient_by<1>;
#else
constexpr auto model = fg::input<6> | fg::dense<1> | fg::input_gradient_by<0>;
#endif
