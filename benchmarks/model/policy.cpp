// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {

std::vector<entry> case_policy() {
  constexpr auto policy = fg::input<17> | fg::dense<64> | fg::tanh | fg::dense<64> | fg::tanh
                        | fg::dense<6>;
  return {entry_of<index_of_case("policy"), policy>()};
}

} // namespace benchmarks
