// SPDX-License-Identifier: MIT
// expect: for one output use binary_cross_entropy
// expect: got<1(UL)?>.*needs<2>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<2> | fg::dense<1>, fg::softmax_cross_entropy, fg::adam{}};
#else
fg::trainer trainer{fg::input<2> | fg::dense<1>, fg::binary_cross_entropy, fg::adam{}};
#endif
