// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {

std::vector<entry> case_d() {
  constexpr auto d = fg::input<784> | fg::dense<512> | fg::relu | fg::dense<512> | fg::relu | fg::dense<10>;
  return {entry_of<index_of_case("D"), d>()};
}

} // namespace benchmarks
