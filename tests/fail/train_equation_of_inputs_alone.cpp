// SPDX-License-Identifier: MIT
// expect: this equation reads no output of the model
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<1> | fg::dense<8> | fg::tanh | fg::dense<1>, fg::equation([](auto, auto x) { return x * x - 1; }), fg::adam{}};
#else
fg::trainer trainer{fg::input<1> | fg::dense<8> | fg::tanh | fg::dense<1>, fg::equation([](auto u, auto x) { return d(u, x) - x * x + 1; }), fg::adam{}};
#endif
