// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {
namespace {

const brings these{entry_of<index_of_case("E"), equal_layers<20, 64>(fg::sigmoid)>()};

} // namespace
} // namespace benchmarks
