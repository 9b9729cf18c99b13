// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {

std::vector<entry> case_b() {
  constexpr auto b = fg::input<64> | fg::dense<64> | fg::relu | fg::dense<64> | fg::relu
                   | fg::dense<64> | fg::relu | fg::dense<1>;
  return {entry_of<index_of_case("B"), b>()};
}

} // namespace benchmarks
