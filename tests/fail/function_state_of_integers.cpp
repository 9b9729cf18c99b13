// SPDX-License-Identifier: MIT
// expect: fusegrad: a state is a float or double, or a std::array of them
#include <fusegrad/functions.hpp>
namespace fg = fusegrad;

double last() {
  constexpr auto run = fg::iterate([](auto y, auto a) { return a * y; }, 10);
#ifdef FUSEGRAD_FAIL
  run(1, 2.0);
#endif
  return run(1.0, 2.0);
}
