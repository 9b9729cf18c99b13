// SPDX-License-Identifier: MIT
// flags: -ffinite-math-only
// expect: compile files that include it without them
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;
constexpr auto model = fg::input<64> | fg::dense<32>;
