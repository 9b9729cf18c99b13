// SPDX-License-Identifier: MIT
// The smallest problem that needs a hidden layer: exclusive or.
#include <cstdint>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <vector>
namespace fg = fusegrad;

// The type of this value is the architecture; shapes were checked when this line was compiled.
constexpr auto network = fg::input<2> | fg::dense<8> | fg::tanh | fg::dense<1>;
static_assert(network.parameter_count() == 2 * 8 + 8 + 8 + 1);

int main() {
  const std::vector<float> inputs{0, 0, 0, 1, 1, 0, 1, 1}; // four samples of two numbers
  const std::vector<std::int32_t> labels{0, 1, 1, 0};
  const auto samples = fg::data::dataset<float>::from_labels(inputs, 2, labels, 2);

  // The model ends in a logit: binary_cross_entropy contains the sigmoid.
  fg::trainer trainer{network, fg::binary_cross_entropy, fg::adam{.learning_rate = 0.05}};
  trainer.fit(samples, {.epochs = 300, .batch_size = 4, .progress = fg::progress_style::silent});

  const std::vector<float> logits = trainer.predict(inputs);
  for (std::size_t i = 0; i < 4; ++i)
    std::printf("%g xor %g: %.3f\n", inputs[2 * i], inputs[2 * i + 1], fg::sigmoid(logits[i]));
  // prints: 0 xor 0: 0 +- 0.02
  // prints: 0 xor 1: 1 +- 0.02
  // prints: 1 xor 0: 1 +- 0.02
  // prints: 1 xor 1: 0 +- 0.02
  return trainer.evaluate(samples).accuracy == 1.0 ? 0 : 1;
}
