// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {
namespace {

constexpr auto b =
    fg::input<64> | fg::dense<64> | fg::relu | fg::dense<64> | fg::relu | fg::dense<64> | fg::relu | fg::dense<1>;

const brings these{entry_of<index_of_case("B"), b>()};

} // namespace
} // namespace benchmarks
