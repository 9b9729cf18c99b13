// SPDX-License-Identifier: MIT
// expect: fusegrad: the validation set is of another type
// expect: double
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
  const auto others = fg::with_targets(u, 4, v, 1);
  trainer.fit(samples, {.epochs = 1, .validation = &others});
}
#else
  const auto others = fg::with_targets(x, 4, y, 1);
  trainer.fit(samples, {.epochs = 1, .validation = &others});
}
#endif
