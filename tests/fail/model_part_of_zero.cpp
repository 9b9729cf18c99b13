// SPDX-License-Identifier: MIT
// expect: a part of groups needs at least one unit
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::groups(fg::on<0>(fg::relu), fg::on<2>(fg::tanh));
#else
constexpr auto model = fg::input<2> | fg::groups(fg::on<2>(fg::tanh));
#endif
