// SPDX-License-Identifier: MIT
// expect: deleted function|explicitly deleted
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<4> | fg::dense<8> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<1>);
#ifdef FUSEGRAD_FAIL
constexpr auto loss = (0.5 * fg::softmax_cross_entropy).label_smoothing(0.1);
#else
constexpr auto loss = 0.5 * fg::softmax_cross_entropy.label_smoothing(0.1);
#endif
