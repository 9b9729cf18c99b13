// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {

std::vector<entry> widths_4_to_16() {
  return {
      entry_of<index_of_case("width4"), equal_layers<3, 4>(fg::relu)>(),
      entry_of<index_of_case("width8"), equal_layers<3, 8>(fg::relu)>(),
      entry_of<index_of_case("width16"), equal_layers<3, 16>(fg::relu)>(),
  };
}

} // namespace benchmarks
