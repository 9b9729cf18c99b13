// SPDX-License-Identifier: MIT
// expect: names a parameter, state or setting more than once, with different initial values
#include <fusegrad/expr/arrays.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto f = [](auto v) { return fg::parameter<"a">(0.25) * v[0] + fg::parameter<"a">(0.5) * v[1]; };
#else
constexpr auto f = [](auto v) { return fg::parameter<"a">(0.25) * v[0] + fg::parameter<"b">(0.5) * v[1]; };
#endif
auto g = fg::gradient<0>(f)(std::array<double, 2>{1, 2});
