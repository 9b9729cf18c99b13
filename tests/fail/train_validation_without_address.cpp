// SPDX-License-Identifier: MIT
// expect: fusegrad: the validation set is given by its address
#include <fusegrad/training.hpp>
#include <vector>
namespace fg = fusegrad;
constexpr auto model = fg::input<4> | fg::dense<1>;
int main() {
  std::vector<float> x(8), y(2);
  std::vector<double> u(8), v(2);
  fg::trainer trainer{model, fg::mean_squared_error, fg::adam{}};
  const auto samples = fg::with_targets(x, 4, y, 1);
#ifdef FUSEGRAD_FAIL
  trainer.fit(samples, {.epochs = 1, .validation = samples});
}
#else
  trainer.fit(samples, {.epochs = 1, .validation = &samples});
}
#endif
