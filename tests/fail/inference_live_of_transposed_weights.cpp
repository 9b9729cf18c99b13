// SPDX-License-Identifier: MIT
// expect: fusegrad: inference of this model reads some weights turned around
#include <fusegrad/training.hpp>
namespace fg = fusegrad;
#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4, 4, 2> | fg::transposed_conv2d<3, 3> | fg::flatten | fg::dense<1>;
#else
constexpr auto model = fg::input<4, 4, 2> | fg::conv2d<3, 3> | fg::flatten | fg::dense<1>;
#endif
int main() {
  const fg::trainer trainer{model, fg::mean_squared_error, fg::adam{}};
  const auto net = trainer.live();
}
