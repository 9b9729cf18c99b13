// SPDX-License-Identifier: MIT
// expect: this is no layer
// expect: add_the_penalty_to_the_loss
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::dense<1> | fg::l2<1e-4>;
#else
constexpr auto model = fg::input<2> | fg::dense<1> | fg::activation_penalty([](auto y) { return 1e-4 * y * y; });
#endif
