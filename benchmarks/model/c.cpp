// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {

std::vector<entry> case_c() {
  constexpr auto c = fg::input<784> | fg::dense<128> | fg::relu | fg::dense<10>;
  return {entry_of<index_of_case("C"), c>()};
}

} // namespace benchmarks
