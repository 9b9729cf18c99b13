// SPDX-License-Identifier: MIT
// expect: output_transform calls its function with the model's outputs and then its inputs, one
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

constexpr auto net = fg::input<2> | fg::dense<8> | fg::tanh | fg::dense<1>;
#ifdef FUSEGRAD_FAIL
constexpr auto solution = net | fg::output_transform([](auto u, auto x) { return x * u; });
#else
constexpr auto solution = net | fg::output_transform([](auto u, auto x, auto) { return x * u; });
#endif
