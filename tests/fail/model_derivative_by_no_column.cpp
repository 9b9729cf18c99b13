// SPDX-License-Identifier: MIT
// expect: by a column that the model's inputs do not have
// expect: got<2(UL)?>.*needs<2(UL)?>
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::dense<8> | fg::tanh | fg::dense<1> | fg::derivatives(fg::by<2>);
#else
constexpr auto model = fg::input<2> | fg::dense<8> | fg::tanh | fg::dense<1> | fg::derivatives(fg::by<1>);
#endif
static_assert(model.plan().parameter_count() > 0);
