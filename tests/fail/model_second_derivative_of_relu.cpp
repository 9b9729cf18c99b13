// SPDX-License-Identifier: MIT
// expect: derivatives of this order are zero, as the second of ReLU
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::dense<8> | fg::relu | fg::dense<1> | fg::derivatives(fg::by<0, 0>);
#else
constexpr auto model = fg::input<2> | fg::dense<8> | fg::tanh | fg::dense<1> | fg::derivatives(fg::by<0, 0>);
#endif
static_assert(model.plan().parameter_count() > 0);
