// SPDX-License-Identifier: MIT
#include "equal_layers.hpp"

namespace benchmarks {
namespace {

const brings these{
    entry_of<index_of_case("width256"), equal_layers<3, 256>(fg::relu)>(),
    entry_of<index_of_case("width512"), equal_layers<3, 512>(fg::relu)>(),
    entry_of<index_of_case("width1024"), equal_layers<3, 1024>(fg::relu)>(),
};

} // namespace
} // namespace benchmarks
