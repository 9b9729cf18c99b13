// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {
namespace {

constexpr auto d = fg::input<784> | fg::dense<512> | fg::relu | fg::dense<512> | fg::relu | fg::dense<10>;

const brings these{entry_of<index_of_case("D"), d>()};

} // namespace
} // namespace benchmarks
