// SPDX-License-Identifier: MIT
// Activations of one's own: any function, with or without parameters that are learned.
#include <cstdint>
#include <cstdio>
#include <fusegrad/fusegrad.hpp>
#include <vector>
namespace fg = fusegrad;

// One line. The derivative, and what backward has to keep for it, follow from the formula.
constexpr auto swish = fg::activation([](auto x) { return x / (1 + exp(-x)); });

// A learned parameter, with its first value. One for the layer; `sharpened.per_unit()` learns one for each unit.
constexpr auto sharpened = fg::activation([](auto x) { return tanh(fg::parameter<"sharpness">(1.0) * x); });

// The value of one function with the derivative of another: a step that a gradient passes.
constexpr auto step = fg::surrogate(fg::activation([](auto x) { return select(x > 0, 1, 0); }), fg::sigmoid);
static_assert(step(3.0) == 1.0 && fg::derivative(step)(0.0) == 0.25);

constexpr auto network = fg::input<2> | fg::dense<16> | swish | fg::dense<8> | sharpened.per_unit() | fg::dense<1>;

int main() {
  const std::vector<float> inputs{0, 0, 0, 1, 1, 0, 1, 1};
  const std::vector<std::int32_t> labels{0, 1, 1, 0};
  const auto samples = fg::data::dataset<float>::from_labels(inputs, 2, labels, 2);

  fg::trainer trainer{network, fg::binary_cross_entropy, fg::adam{.learning_rate = 0.03}};
  trainer.fit(samples, {.epochs = 500, .batch_size = 4, .progress = fg::progress_style::silent});

  // The parameter has a name like any other: the layer's position, and the name in the formula.
  const std::vector<float> sharpness = trainer.read("3.sharpness");
  for (float s : sharpness) std::printf("sharpness %.3f\n", s); // one for each of 8 units, all from 1
  // prints: sharpness 1.7 +- 0.2
  // prints: sharpness 1.65 +- 0.2
  // What the functions are, whatever was learned: swish(1) is 1 / (1 + 1/e).
  std::printf("swish(1) = %.6f, slope %.6f\n", swish(1.0), fg::derivative(swish)(1.0));
  // prints: swish(1) = 0.731059, slope 0.927671
  return trainer.evaluate(samples).accuracy == 1.0 && sharpness.size() == 8 && sharpness[0] != 1.0f ? 0 : 1;
}
