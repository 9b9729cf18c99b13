// SPDX-License-Identifier: MIT
#include "net.hpp"

namespace benchmarks {
namespace {

constexpr auto deep9 = fg::input<100> | fg::dense<50> | fg::relu | fg::dense<50> | fg::relu | fg::dense<50> | fg::relu |
                       fg::dense<50> | fg::relu | fg::dense<50> | fg::relu | fg::dense<50> | fg::relu | fg::dense<50> |
                       fg::relu | fg::dense<50> | fg::relu | fg::dense<50> | fg::relu | fg::dense<10>;

const brings these{entry_of<index_of_case("deep9"), deep9>()};

} // namespace
} // namespace benchmarks
