// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {
namespace {

constexpr auto deep5 = fg::input<7> | fg::dense<100> | fg::relu | fg::dense<100> | fg::relu | fg::dense<100> |
                       fg::relu | fg::dense<100> | fg::relu | fg::dense<100> | fg::relu | fg::dense<2>;

const brings these{entry_of<index_of_case("deep5"), deep5>()};

} // namespace
} // namespace benchmarks
