// SPDX-License-Identifier: MIT
// expect: stands outside of all sums
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<4> | fg::dense<8> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<1>);
#ifdef FUSEGRAD_FAIL
constexpr auto loss = fg::losses(fg::mean_squared_error, fg::huber) + fg::mean_absolute_error;
#else
constexpr auto loss = fg::losses(fg::mean_squared_error + fg::mean_absolute_error, fg::huber);
#endif
