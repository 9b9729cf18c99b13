// SPDX-License-Identifier: MIT
// expect: fusegrad: values\(\) needs at least one result
#include <fusegrad/expr/calculus.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = fg::function([](auto x) { static_cast<void>(x); return fg::values(); });
#else
constexpr auto f = fg::function([](auto x) { return fg::values(x); });
#endif
double y = f(1.0);
