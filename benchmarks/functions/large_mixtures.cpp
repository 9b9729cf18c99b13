// SPDX-License-Identifier: MIT
#include "mixture.hpp"

namespace functions_benchmark {

void add_large_mixtures() {
  add("gmm d 32 k 25", [] { return std::make_shared<mixture<32>>(1000, 25); });
}

} // namespace functions_benchmark
