// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {
namespace {

constexpr auto c = fg::input<784> | fg::dense<128> | fg::relu | fg::dense<10>;

const brings these{entry_of<index_of_case("C"), c>()};

} // namespace
} // namespace benchmarks
