// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {
namespace {

const brings these{
    entry_of<index_of_case("depth32"), equal_layers<32, 32>(fg::tanh)>(),
    entry_of<index_of_case("depth64"), equal_layers<64, 32>(fg::tanh)>(),
};

} // namespace
} // namespace benchmarks
