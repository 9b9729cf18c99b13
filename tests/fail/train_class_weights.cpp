// SPDX-License-Identifier: MIT
// expect: needs one class weight for each output
// expect: got<2(UL)?>.*needs<3(UL)?>
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<2> | fg::dense<3>, fg::softmax_cross_entropy.class_weights(std::array{1.0, 2.0}), fg::adam{}};
#else
fg::trainer trainer{fg::input<2> | fg::dense<3>, fg::softmax_cross_entropy.class_weights(std::array{1.0, 2.0, 1.0}), fg::adam{}};
#endif
