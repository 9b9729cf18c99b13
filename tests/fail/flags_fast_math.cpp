// SPDX-License-Identifier: MIT
// flags: -ffast-math
// expect: -ffast-math, -Ofast, -ffinite-math-only and -fassociative-math break
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;
constexpr auto model = fg::input<64> | fg::dense<32>;
