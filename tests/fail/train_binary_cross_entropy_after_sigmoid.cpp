// SPDX-License-Identifier: MIT
// expect: loss_wants_logits<.*"sigmoid".*leave_out_the_last_layer
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<2> | fg::dense<1> | fg::sigmoid, fg::binary_cross_entropy, fg::adam{}};
#else
fg::trainer trainer{fg::input<2> | fg::dense<1>, fg::binary_cross_entropy, fg::adam{}};
#endif
