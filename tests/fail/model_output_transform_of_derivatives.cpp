// SPDX-License-Identifier: MIT
// expect: the function of output_transform is one of numbers, and of parameters: take derivatives in
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<1> | fg::dense<8> | fg::tanh | fg::dense<1>;
#ifdef FUSEGRAD_FAIL
constexpr auto slope = net | fg::output_transform([](auto u, auto x) { return d(u, x); });
#else
constexpr auto slope = net | fg::derivatives(fg::by<0>);
#endif
