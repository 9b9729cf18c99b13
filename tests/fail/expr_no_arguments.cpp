// SPDX-License-Identifier: MIT
// expect: fusegrad: the function is called with the wrong number of arguments
// expect: got<0.*needs<1
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

constexpr auto f = fg::function([](auto x) { return sin(x); });
#ifdef FUSEGRAD_FAIL
auto call() { return f(); }
#else
auto call() { return f(1.0); }
#endif
