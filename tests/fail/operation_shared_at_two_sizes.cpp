// SPDX-License-Identifier: MIT
// expect: a shared layer is used on values of different sizes
// expect: shared_layer_at_two_sizes<.*"cell.weight".*got<4(UL)?, 4(UL)?>.*needs<4(UL)?, 8(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<8> | fg::shared<"cell">(fg::dense<4>) | fg::shared<"cell">(fg::dense<4>);
#else
constexpr auto model = fg::input<4> | fg::shared<"cell">(fg::dense<4>) | fg::shared<"cell">(fg::dense<4>);
#endif
const fg::weights weights{model};
