// SPDX-License-Identifier: MIT
// expect: fusegrad: a traced function must be a lambda without captures
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

inline double slope = 0.1;
#ifdef FUSEGRAD_FAIL
double y = fg::derivative([s = slope](auto x) { return max(x, s * x); })(1.0);
#else
double y = fg::derivative([](auto x) { return max(x, 0.1 * x); })(1.0);
#endif
