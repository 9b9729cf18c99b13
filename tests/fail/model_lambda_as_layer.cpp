// SPDX-License-Identifier: MIT
// expect: this is no layer
// expect: wrap_it_in_activation
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | [](auto x) { return x * x; };
#else
constexpr auto model = fg::input<2> | fg::activation([](auto x) { return x * x; });
#endif
