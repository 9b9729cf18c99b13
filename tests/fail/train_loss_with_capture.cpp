// SPDX-License-Identifier: MIT
// expect: a traced function must be a lambda without captures
#include <fusegrad/training.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
auto make(double scale) { return fg::loss([=](auto p, auto t) { return scale * square(p - t); }); }
#else
template <int Scale> auto make() { return fg::loss([](auto p, auto t) { return Scale * square(p - t); }); }
#endif
