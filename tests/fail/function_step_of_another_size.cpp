// SPDX-License-Identifier: MIT
// expect: fusegrad: a step gives the next state: as many numbers as the state has
// expect: got<.*1.*>.*needs<.*2.*>
#include <fusegrad/functions.hpp>
namespace fg = fusegrad;

double last() {
#ifdef FUSEGRAD_FAIL
  constexpr auto step = [](auto y, auto h) { return y[0] + h * y[1]; };
#else
  constexpr auto step = [](auto y, auto h) { return fg::values(y[0] + h * y[1], y[1]); };
#endif
  return fg::iterate(step, 10)(std::array{1.0, 2.0}, 0.1)[0];
}
