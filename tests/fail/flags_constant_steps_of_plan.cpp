// SPDX-License-Identifier: MIT
// A deep model under the limit that a compiler has without our CMake target; here a small one under a smaller limit.
// flags of clang: -fconstexpr-steps=12000
// flags of g++: -fconstexpr-ops-limit=150000
// expect: (too many steps\? clang\+\+ -fconstexpr-steps=500000000|use .-fconstexpr-ops-limit=)
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;
constexpr auto model = fg::input<64> | fg::dense<32> | fg::relu | fg::dense<10>;
static_assert(model.parameter_count() == 64 * 32 + 32 + 32 * 10 + 10);
