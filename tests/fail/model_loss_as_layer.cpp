// SPDX-License-Identifier: MIT
// expect: this is no layer
// expect: give_the_loss_to_the_trainer
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::dense<1> | fg::mean_squared_error;
#else
constexpr auto model = fg::input<2> | fg::dense<1>;
#endif
