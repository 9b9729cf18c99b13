// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {

std::vector<entry> case_trigger() {
  constexpr auto trigger = fg::input<16> | fg::dense<64> | fg::relu | fg::dense<32> | fg::relu
                         | fg::dense<32> | fg::relu | fg::dense<5>;
  return {entry_of<index_of_case("trigger"), trigger>()};
}

} // namespace benchmarks
