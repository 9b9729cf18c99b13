// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {

std::vector<entry> case_a() {
  constexpr auto a = fg::input<2> | fg::dense<16> | fg::tanh | fg::dense<16> | fg::tanh | fg::dense<1>;
  return {entry_of<index_of_case("A"), a>()};
}

} // namespace benchmarks
