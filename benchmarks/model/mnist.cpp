// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {
namespace {

constexpr auto mnist = fg::input<784> | fg::dense<500> | fg::sigmoid | fg::dense<250> | fg::sigmoid | fg::dense<10>;

const brings these{entry_of<index_of_case("mnist"), mnist>()};

} // namespace
} // namespace benchmarks
