// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {
namespace {

const brings these{
    entry_of<index_of_case("width4"), equal_layers<3, 4>(fg::relu)>(),
    entry_of<index_of_case("width8"), equal_layers<3, 8>(fg::relu)>(),
    entry_of<index_of_case("width16"), equal_layers<3, 16>(fg::relu)>(),
};

} // namespace
} // namespace benchmarks
