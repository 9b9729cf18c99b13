// SPDX-License-Identifier: MIT
// expect: fusegrad: derivative<I> is by one number; by an array take gradient<I> or jacobian<I>
#include <fusegrad/expr/arrays.hpp>
namespace fg = fusegrad;

constexpr auto f = [](auto v) { return v[0] * v[1]; };
#ifdef FUSEGRAD_FAIL
auto g = fg::derivative<0>(f)(std::array<double, 2>{1, 2});
#else
auto g = fg::gradient<0>(f)(std::array<double, 2>{1, 2});
#endif
