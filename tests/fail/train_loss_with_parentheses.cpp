// SPDX-License-Identifier: MIT
// expect: fusegrad: this is a value, not a function that makes one
#include <fusegrad/training.hpp>
namespace fg = fusegrad;
constexpr auto model = fg::input<4> | fg::dense<1>;
#ifdef FUSEGRAD_FAIL
int main() { fg::trainer trainer{model, fg::mean_squared_error(), fg::adam{}}; }
#else
int main() { fg::trainer trainer{model, fg::mean_squared_error, fg::adam{}}; }
#endif
