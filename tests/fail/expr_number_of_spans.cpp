// SPDX-License-Identifier: MIT
// expect: fusegrad: transform takes the function, one span for each of its results, then one for each of its arguments
// expect: got<2.*needs<3
#include <fusegrad/expr/transform.hpp>
#include <vector>
namespace fg = fusegrad;

constexpr auto f = [](auto u, auto v) { return u * sin(v); };
void apply(std::vector<float>& out, const std::vector<float>& u, [[maybe_unused]] const std::vector<float>& v) {
#ifdef FUSEGRAD_FAIL
  fg::transform(f, out, u);
#else
  fg::transform(f, out, u, v);
#endif
}
