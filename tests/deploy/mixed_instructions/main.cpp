// SPDX-License-Identifier: MIT
// Two units of one program, compiled for different machines, or one of them without optimisation: each trains with its
// own layout, and a type of one is none of the other.
#include "trained.hpp"

#include <cmath>
#include <cstdio>

struct native_unit;
trained train_other();

int main() {
  const trained other = train_other(), native = train<native_unit>();
  std::printf("other:  %zu numbers packed, loss %.7f, %s\nnative: %zu numbers packed, loss %.7f, %s\n", other.packed,
              other.loss, other.type.c_str(), native.packed, native.loss, native.type.c_str());
  const bool are_told_apart = other.type != native.type;
  const bool agree = std::isfinite(other.loss) && std::abs(other.loss - native.loss) < 1e-4 * other.loss;
  return are_told_apart && agree ? 0 : 1;
}
