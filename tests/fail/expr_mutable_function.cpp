// SPDX-License-Identifier: MIT
// expect: fusegrad: a traced function is called where it is const: leave out `mutable`
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<3> | fg::activation([](auto x) mutable { return x * x; });
#else
constexpr auto model = fg::input<3> | fg::activation([](auto x) { return x * x; });
#endif
