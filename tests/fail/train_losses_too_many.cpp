// SPDX-License-Identifier: MIT
// expect: a sum has too many losses
// expect: got<9(UL)?>.*needs<8(UL)?>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<4> | fg::dense<8> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<1>);
#ifdef FUSEGRAD_FAIL
constexpr auto loss = fg::losses(fg::huber, fg::huber, fg::huber, fg::huber, fg::huber, fg::huber, fg::huber, fg::huber, fg::huber);
#else
constexpr auto loss = fg::losses(fg::huber, fg::huber, fg::huber, fg::huber, fg::huber, fg::huber, fg::huber, fg::huber);
#endif
