// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {
namespace {

const brings these{
    entry_of<index_of_case("depth8"), equal_layers<8, 32>(fg::tanh)>(),
    entry_of<index_of_case("depth16"), equal_layers<16, 32>(fg::tanh)>(),
};

} // namespace
} // namespace benchmarks
