// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {
namespace {

constexpr auto trigger =
    fg::input<16> | fg::dense<64> | fg::relu | fg::dense<32> | fg::relu | fg::dense<32> | fg::relu | fg::dense<5>;

const brings these{entry_of<index_of_case("trigger"), trigger>()};

} // namespace
} // namespace benchmarks
