// SPDX-License-Identifier: MIT
// Two units of one program, compiled for different machines: each trains with its own layout, and a type of one is none
// of the other.
#include "trained.hpp"

#include <cmath>
#include <cstdio>

struct native_unit;
trained train_plain();

int main() {
  const trained plain = train_plain(), native = train<native_unit>();
  std::printf("plain:  %zu numbers packed, loss %.7f, %s\nnative: %zu numbers packed, loss %.7f, %s\n", plain.packed,
              plain.loss, plain.type.c_str(), native.packed, native.loss, native.type.c_str());
  const bool are_told_apart = plain.type != native.type;
  const bool agree = std::isfinite(plain.loss) && std::abs(plain.loss - native.loss) < 1e-4 * plain.loss;
  return are_told_apart && agree ? 0 : 1;
}
