// SPDX-License-Identifier: MIT
// expect: fusegrad: the spans of one transform are all of float or all of double
#include <fusegrad/expr/transform.hpp>
#include <vector>
namespace fg = fusegrad;

constexpr auto f = [](auto u) { return 2 * u; };
#ifdef FUSEGRAD_FAIL
void apply(std::vector<float>& out, const std::vector<double>& u) { fg::transform(f, out, u); }
#else
void apply(std::vector<double>& out, const std::vector<double>& u) { fg::transform(f, out, u); }
#endif
