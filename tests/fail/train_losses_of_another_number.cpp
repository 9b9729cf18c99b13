// SPDX-License-Identifier: MIT
// expect: takes one loss for each output of the model
// expect: got<3(UL)?>.*needs<2(UL)?>.*give_one_loss_for_each_output
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<4> | fg::dense<8> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<1>);
#ifdef FUSEGRAD_FAIL
fg::trainer trainer{net, fg::losses(fg::softmax_cross_entropy, fg::huber, fg::huber), fg::adam{}};
#else
fg::trainer trainer{net, fg::losses(fg::softmax_cross_entropy, fg::huber), fg::adam{}};
#endif
