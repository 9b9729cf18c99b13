// SPDX-License-Identifier: MIT
// expect: the loss contains the last layer of the model already
// expect: loss_wants_logits<.*"softmax"
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<4> | fg::dense<8> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<1>);
#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<4> | fg::branch(fg::dense<3> | fg::softmax, fg::dense<1>),
                    fg::losses(fg::softmax_cross_entropy, fg::huber), fg::adam{}};
#else
fg::trainer trainer{fg::input<4> | fg::branch(fg::dense<3>, fg::dense<1>),
                    fg::losses(fg::softmax_cross_entropy, fg::huber), fg::adam{}};
#endif
