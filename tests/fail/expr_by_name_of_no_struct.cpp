// SPDX-License-Identifier: MIT
// expect: by_name<point>\(f\) is of a template <class T> struct point of members T, and
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

template <class T> struct point {
  T x, t;
};
#ifdef FUSEGRAD_FAIL
constexpr auto start = fg::equation(fg::by_name<point>([](auto u) { return u; }));
#else
constexpr auto start = fg::equation(fg::by_name<point>([](auto u, auto at) { return u - at.x; }));
#endif
