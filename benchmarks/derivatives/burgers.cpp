// SPDX-License-Identifier: MIT
#include "problem.hpp"

namespace fusegrad_benchmark {
namespace {
constexpr std::size_t points = 2540; // as in DeepXDE's example
template <std::size_t Layers>
constexpr auto net = fg::input<2> | fg::repeat<Layers>(fg::dense<20> | fg::tanh) | fg::dense<1>; // x, t
constexpr auto burgers = fg::equation(
    [](auto u, auto x, auto t) { return d(u, t) + u * d(u, x) - 0.01 / 3.14159265358979323846 * d(u, x, x); });
} // namespace

std::vector<derivatives_case> burgers_cases() {
  std::vector<derivatives_case> all = {make_case<double, points, 0>("burgers_3x20", net<3>, burgers)};
  for (const derivatives_case& c : make_cases<points, 0>("burgers_8x20", net<8>, burgers)) all.push_back(c);
  return all;
}

} // namespace fusegrad_benchmark
