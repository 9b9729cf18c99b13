// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {

std::vector<entry> case_deep9() {
  constexpr auto deep9 = fg::input<100> | fg::dense<50> | fg::relu | fg::dense<50> | fg::relu
                       | fg::dense<50> | fg::relu | fg::dense<50> | fg::relu | fg::dense<50>
                       | fg::relu | fg::dense<50> | fg::relu | fg::dense<50> | fg::relu
                       | fg::dense<50> | fg::relu | fg::dense<50> | fg::relu | fg::dense<10>;
  return {entry_of<index_of_case("deep9"), deep9>()};
}

} // namespace benchmarks
