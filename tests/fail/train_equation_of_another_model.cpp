// SPDX-License-Identifier: MIT
// expect: a function of the model's outputs and then of its inputs
// expect: got<2(UL)?>.*needs<3(UL)?>
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<2> | fg::dense<8> | fg::tanh | fg::dense<1>, fg::equation([](auto u, auto x) { return d(u, x) - u; }), fg::adam{}};
#else
fg::trainer trainer{fg::input<2> | fg::dense<8> | fg::tanh | fg::dense<1>, fg::equation([](auto u, auto x, auto t) { return d(u, x) - u * t; }), fg::adam{}};
#endif
