// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {
namespace {

const brings these{
    entry_of<index_of_case("width32"), equal_layers<3, 32>(fg::relu)>(),
    entry_of<index_of_case("width64"), equal_layers<3, 64>(fg::relu)>(),
    entry_of<index_of_case("width128"), equal_layers<3, 128>(fg::relu)>(),
};

} // namespace
} // namespace benchmarks
