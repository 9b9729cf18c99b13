// SPDX-License-Identifier: MIT
// expect: softmax_cross_entropy compares one vector of logits a sample
// expect: got<4(UL)?, 6(UL)?, 10(UL)?>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<6, 8, 3> | fg::conv2d<10, 3>, fg::softmax_cross_entropy, fg::sgd{}};
#else
fg::trainer trainer{fg::input<6, 8, 3> | fg::conv2d<10, 3> | fg::global_average_pool, fg::softmax_cross_entropy, fg::sgd{}};
#endif
