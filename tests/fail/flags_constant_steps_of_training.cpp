// SPDX-License-Identifier: MIT
// A deep model under the limit that a compiler has without our CMake target; here a small one under a smaller limit.
// flags of clang: -fconstexpr-steps=30000
// flags of g++: -fconstexpr-ops-limit=30000
// expect: (too many steps\? clang\+\+ -fconstexpr-steps=500000000|use .-fconstexpr-ops-limit=)
#include <fusegrad/training.hpp>
namespace fg = fusegrad;
constexpr auto model = fg::input<64> | fg::dense<32> | fg::relu | fg::dense<10>;
int main() { fg::trainer trainer{model, fg::softmax_cross_entropy, fg::adam{}}; }
