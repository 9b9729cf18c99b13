// SPDX-License-Identifier: MIT
// expect: derivatives of this order are zero, as the second of ReLU
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
fg::trainer trainer{fg::input<2> | fg::dense<8> | fg::relu | fg::dense<1>,
                    fg::equation([](auto u, auto x, auto) { return d(u, x, x) + u; }), fg::adam{}};
#else
fg::trainer trainer{fg::input<2> | fg::dense<8> | fg::sine | fg::dense<1>,
                    fg::equation([](auto u, auto x, auto) { return d(u, x, x) + u; }), fg::adam{}};
#endif
