// SPDX-License-Identifier: MIT
// expect: fusegrad: dropout_passes needs a model with dropout<rate> in it
#include <fusegrad/layers.hpp>
#include <fusegrad/model/dropout_passes.hpp>
namespace fg = fusegrad;
#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<4> | fg::frozen(fg::dropout<0.5> | fg::dense<2>);
#else
constexpr auto model = fg::input<4> | fg::dropout<0.5> | fg::frozen(fg::dense<2>);
#endif

int main() {
  const fg::weights weights{model, 1};
  const fg::dropout_passes passes{weights};
  return passes.options().passes == 100 ? 0 : 1;
}
