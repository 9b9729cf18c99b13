// SPDX-License-Identifier: MIT
// expect: this is no layer
// expect: not_a_layer<int, .*write_dense_with_the_number_of_units
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | 32;
#else
constexpr auto model = fg::input<2> | fg::dense<32>;
#endif
