// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {
namespace {

const brings these{
    entry_of<index_of_case("depth1"), equal_layers<1, 32>(fg::tanh)>(),
    entry_of<index_of_case("depth2"), equal_layers<2, 32>(fg::tanh)>(),
    entry_of<index_of_case("depth4"), equal_layers<4, 32>(fg::tanh)>(),
};

} // namespace
} // namespace benchmarks
