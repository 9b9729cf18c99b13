// SPDX-License-Identifier: MIT
// expect: an operation of the model has no derivative with respect to its inputs
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto net = fg::input<4, 2> | fg::max_pool1d<2> | fg::flatten | fg::dense<1> | fg::forces;
#else
constexpr auto net = fg::input<4, 2> | fg::average_pool1d<2> | fg::flatten | fg::dense<1> | fg::forces;
#endif
fg::weights w{net, 1};
