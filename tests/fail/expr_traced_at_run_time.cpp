// SPDX-License-Identifier: MIT
// What a function records depends on the order in which its operands are evaluated, which only constant evaluation fixes.
// expect: (consteval|constant expression)
// expect: record
#include <fusegrad/expr/calculus.hpp>
constexpr auto f = [](auto x) { return exp(x) * sin(x); };

int main() {
#ifdef FUSEGRAD_FAIL
  const auto recording = fusegrad::expr::recipe_of<decltype(f)>::record<1>();
#else
  const auto recording = fusegrad::expr::recording_of<fusegrad::expr::recipe_of<decltype(f)>, 1>();
#endif
  return recording.positional - 1;
}
