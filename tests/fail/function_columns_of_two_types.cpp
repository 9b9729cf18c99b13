// SPDX-License-Identifier: MIT
// expect: fusegrad: the columns of one call are all of float or all of double
#include <fusegrad/functions.hpp>
#include <vector>
namespace fg = fusegrad;

void rows(const std::vector<double>& x, const std::vector<float>& y) {
#ifdef FUSEGRAD_FAIL
  static_cast<void>(fg::columns(x, y));
#else
  static_cast<void>(fg::columns(x, x));
  static_cast<void>(fg::columns(y, y));
#endif
}
