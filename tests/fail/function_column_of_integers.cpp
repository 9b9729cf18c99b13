// SPDX-License-Identifier: MIT
// expect: fusegrad: a column holds float or double
#include <fusegrad/functions.hpp>
#include <vector>
namespace fg = fusegrad;

void rows(const std::vector<double>& x, const std::vector<int>& i) {
#ifdef FUSEGRAD_FAIL
  static_cast<void>(fg::columns(i));
#else
  static_cast<void>(fg::columns(fg::gathered<1>(x, i)));
#endif
}
