// SPDX-License-Identifier: MIT
// A dense layer works at each position of an image: a forgotten flatten is found by the loss.
// expect: the model ends in an image or a sequence
// expect: classes_are_no_vector<.*got<28(UL)?, 10(UL)?>.*insert_flatten_or_a_global_pool
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

void train()
{
#ifdef FUSEGRAD_FAIL
  fg::trainer trainer{fg::input<28, 28> | fg::dense<32> | fg::relu | fg::dense<10>, fg::softmax_cross_entropy, fg::adam{}};
#else
  fg::trainer trainer{fg::input<28, 28> | fg::flatten | fg::dense<32> | fg::relu | fg::dense<10>, fg::softmax_cross_entropy, fg::adam{}};
#endif
}
