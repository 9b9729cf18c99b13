// SPDX-License-Identifier: MIT
// expect: this is no layer
// expect: put_it_into_groups
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::on<2>(fg::relu);
#else
constexpr auto model = fg::input<2> | fg::groups(fg::on<2>(fg::relu));
#endif
