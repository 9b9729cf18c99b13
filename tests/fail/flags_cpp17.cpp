// SPDX-License-Identifier: MIT
// flags: -std=c++17
// expect: this is C\+\+20: compile with -std=c\+\+20
#include <fusegrad/fusegrad.hpp>
namespace fg = fusegrad;
constexpr auto model = fg::input<64> | fg::dense<32>;
