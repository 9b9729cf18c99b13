// SPDX-License-Identifier: MIT
// expect: the loss contains the last layer of the model already
// expect: loss_wants_logits<.*"softmax".*leave_out_the_last_layer
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<2> | fg::dense<3> | fg::softmax, fg::softmax_cross_entropy, fg::adam{}};
#else
fg::trainer trainer{fg::input<2> | fg::dense<3>, fg::softmax_cross_entropy, fg::adam{}};
#endif
