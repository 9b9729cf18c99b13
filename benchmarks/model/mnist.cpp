// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {

std::vector<entry> case_mnist() {
  constexpr auto mnist = fg::input<784> | fg::dense<500> | fg::sigmoid | fg::dense<250>
                       | fg::sigmoid | fg::dense<10>;
  return {entry_of<index_of_case("mnist"), mnist>()};
}

} // namespace benchmarks
