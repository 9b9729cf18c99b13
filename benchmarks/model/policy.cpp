// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {
namespace {

constexpr auto policy = fg::input<17> | fg::dense<64> | fg::tanh | fg::dense<64> | fg::tanh | fg::dense<6>;

const brings these{entry_of<index_of_case("policy"), policy>()};

} // namespace
} // namespace benchmarks
