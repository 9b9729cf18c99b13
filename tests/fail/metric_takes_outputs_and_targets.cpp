// SPDX-License-Identifier: MIT
// expect: fusegrad: a metric is a function of \(outputs, targets\)
#include <fusegrad/training.hpp>
#include <cstdint>
#include <span>
#include <vector>
namespace fg = fusegrad;

int main() {
#ifdef FUSEGRAD_FAIL
  const auto hit = [](float output, float target) { return output > target ? 1.0 : 0.0; };
#else
  const auto hit = [](std::span<const float> output, std::span<const float> target) { return output[0] > target[0] ? 1.0 : 0.0; };
#endif
  const std::vector<fg::metric> metrics{{"hit", hit}};
  return static_cast<int>(metrics.size()) - 1;
}
