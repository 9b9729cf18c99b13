// SPDX-License-Identifier: MIT
// expect: fusegrad: a step takes the numbers of its samples as std::uint32_t
// expect: samples_are_named_by_numbers
#include <fusegrad/training.hpp>
#include <cstdint>
#include <vector>
namespace fg = fusegrad;
constexpr auto model = fg::input<4> | fg::dense<1>;
int main() {
  std::vector<float> x(8), y(2);
  fg::trainer trainer{model, fg::mean_squared_error, fg::adam{}};
#ifdef FUSEGRAD_FAIL
  const std::vector<int> both{0, 1};
  trainer.step(fg::with_targets(x, 4, y, 1), both);
}
#else
  const std::vector<std::uint32_t> both{0, 1};
  trainer.step(fg::with_targets(x, 4, y, 1), both);
}
#endif
