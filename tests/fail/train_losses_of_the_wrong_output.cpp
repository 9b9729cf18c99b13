// SPDX-License-Identifier: MIT
// expect: for one output use binary_cross_entropy
// expect: got<1(UL)?>.*needs<2(UL)?>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<4> | fg::dense<8> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<1>);
#ifdef FUSEGRAD_FAIL
fg::trainer trainer{net, fg::losses(fg::mean_squared_error, fg::softmax_cross_entropy), fg::adam{}};
#else
fg::trainer trainer{net, fg::losses(fg::softmax_cross_entropy, fg::huber), fg::adam{}};
#endif
