// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {

std::vector<entry> case_deep5() {
  constexpr auto deep5 = fg::input<7> | fg::dense<100> | fg::relu | fg::dense<100> | fg::relu
                       | fg::dense<100> | fg::relu | fg::dense<100> | fg::relu | fg::dense<100>
                       | fg::relu | fg::dense<2>;
  return {entry_of<index_of_case("deep5"), deep5>()};
}

} // namespace benchmarks
