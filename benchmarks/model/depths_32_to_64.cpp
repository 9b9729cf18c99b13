// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {

std::vector<entry> depths_32_to_64() {
  return {
      entry_of<index_of_case("depth32"), equal_layers<32, 32>(fg::tanh)>(),
      entry_of<index_of_case("depth64"), equal_layers<64, 32>(fg::tanh)>(),
  };
}

} // namespace benchmarks
