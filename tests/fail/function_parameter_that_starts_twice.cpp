// SPDX-License-Identifier: MIT
// expect: names a parameter, state or setting more than once, with different initial values
#include <fusegrad/functions.hpp>
namespace fg = fusegrad;

double last() {
#ifdef FUSEGRAD_FAIL
  constexpr auto run = fg::iterate([](auto y) { return fg::parameter<"a">(0.5) * y + fg::parameter<"a">(0.25); }, 10);
#else
  constexpr auto run = fg::iterate([](auto y) { return 0.5 * y + 0.25; }, 10);
#endif
  return run(1.0);
}
