// SPDX-License-Identifier: MIT
// expect: fusegrad: the samples have weights, and the loss counts each of them once
#include <fusegrad/training.hpp>
#include <cstdint>
#include <vector>
namespace fg = fusegrad;
constexpr auto model = fg::input<4> | fg::dense<1>;
int main() {
  const std::vector<float> x(8), y(2), w(2);
  const std::vector<std::uint32_t> both{0, 1};
  const auto samples = fg::with_weights(fg::with_targets(x, 4, y, 1), w);
#ifdef FUSEGRAD_FAIL
  fg::trainer trainer{model, fg::mean_squared_error, fg::adam{}};
#else
  fg::trainer trainer{model, fg::weighted_by_sample(fg::mean_squared_error), fg::adam{}};
#endif
  trainer.step(samples, both);
}
