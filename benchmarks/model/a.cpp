// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {
namespace {

constexpr auto a = fg::input<2> | fg::dense<16> | fg::tanh | fg::dense<16> | fg::tanh | fg::dense<1>;

const brings these{entry_of<index_of_case("A"), a>()};

} // namespace
} // namespace benchmarks
