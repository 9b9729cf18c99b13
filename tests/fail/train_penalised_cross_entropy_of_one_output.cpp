// SPDX-License-Identifier: MIT
// expect: for one output use binary_cross_entropy
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<2> | fg::dense<1>, fg::softmax_cross_entropy + fg::l2<1e-4>, fg::adam{}};
#else
fg::trainer trainer{fg::input<2> | fg::dense<2>, fg::softmax_cross_entropy + fg::l2<1e-4>, fg::adam{}};
#endif
