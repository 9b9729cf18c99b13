// SPDX-License-Identifier: MIT
// expect: this is no layer
// expect: not_a_layer<.*adam.*give_the_update_rule_to_the_trainer
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::dense<1> | fg::adam{};
#else
constexpr auto model = fg::input<2> | fg::dense<1>;
#endif
