// SPDX-License-Identifier: MIT
// expect: fusegrad: the loss counts each sample by its weight, and the samples have none
#include <fusegrad/training.hpp>
#include <cstdint>
#include <vector>
namespace fg = fusegrad;
constexpr auto model = fg::input<4> | fg::dense<1>;
int main() {
  const std::vector<float> x(8), y(2), w(2);
  const std::vector<std::uint32_t> both{0, 1};
  const auto samples = fg::with_targets(x, 4, y, 1);
  fg::trainer trainer{model, fg::weighted_by_sample(fg::mean_squared_error), fg::adam{}};
#ifdef FUSEGRAD_FAIL
  trainer.step(samples, both);
#else
  trainer.step(fg::with_weights(samples, w), both);
#endif
}
