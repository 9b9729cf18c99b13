// SPDX-License-Identifier: MIT
// expect: groups takes parts with their widths
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::groups(fg::relu, fg::tanh);
#else
constexpr auto model = fg::input<2> | fg::groups(fg::on<1>(fg::relu), fg::on<1>(fg::tanh));
#endif
