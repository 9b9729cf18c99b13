// SPDX-License-Identifier: MIT
// expect: a penalty is on all weights of a model
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<4> | fg::dense<8> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<1>);
#ifdef FUSEGRAD_FAIL
constexpr auto loss = fg::losses(fg::softmax_cross_entropy + fg::l2<1e-4>, fg::huber);
#else
constexpr auto loss = fg::losses(fg::softmax_cross_entropy, fg::huber) + fg::l2<1e-4>;
#endif
