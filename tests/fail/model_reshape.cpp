// SPDX-License-Identifier: MIT
// expect: shape_mismatch<.*"reshape".*position<0>.*got<10(UL)?>.*needs<3(UL)?, 4(UL)?>.*give_extents_with_the_same_product
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<10> | fg::reshape<3, 4>;
#else
constexpr auto model = fg::input<12> | fg::reshape<3, 4>;
#endif
