// SPDX-License-Identifier: MIT
#include "mixture.hpp"

namespace functions_benchmark {

namespace {
template <std::size_t D> void add_mixture(std::size_t k) {
  add("gmm d " + std::to_string(D) + " k " + std::to_string(k), [=] { return std::make_shared<mixture<D>>(1000, k); });
}
} // namespace

void add_mixtures() {
  add_mixture<2>(5);
  add_mixture<10>(5);
  add_mixture<10>(25);
  add_mixture<10>(100);
}

} // namespace functions_benchmark
