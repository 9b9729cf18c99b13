// SPDX-License-Identifier: MIT
// expect: has no derivative with respect to its inputs
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8, 1> | fg::conv1d<4, 3> | fg::tanh | fg::max_pool1d<2> | fg::flatten | fg::dense<1> | fg::derivatives(fg::by<0>);
#else
constexpr auto model = fg::input<8, 1> | fg::conv1d<4, 3> | fg::tanh | fg::average_pool1d<2> | fg::flatten | fg::dense<1> | fg::derivatives(fg::by<0>);
#endif
static_assert(model.plan().parameter_count() > 0);
