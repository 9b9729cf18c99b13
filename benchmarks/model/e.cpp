// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {

std::vector<entry> case_e() {
  return {entry_of<index_of_case("E"), equal_layers<20, 64>(fg::sigmoid)>()};
}

} // namespace benchmarks
