// SPDX-License-Identifier: MIT
// Parameters by name, to a safetensors file and back. PyTorch reads it:
// safetensors.torch.load_file("digits.safetensors").
#include <algorithm>
#include <cstdio>
#include <exception>
#include <fusegrad/fusegrad.hpp>
#include <vector>
namespace fg = fusegrad;

constexpr auto network = fg::input<64> | fg::dense<32> | fg::relu | fg::dense<10>;
constexpr auto wider = fg::input<64> | fg::dense<48> | fg::relu | fg::dense<10>;

int main() {
  const auto [train, test] = fg::data::digits().split(0.8, /*seed=*/1);
  fg::trainer trainer{network, fg::softmax_cross_entropy, fg::adam{}};
  trainer.fit(train, {.epochs = 10, .progress = fg::progress_style::silent});
  fg::io::save(trainer, "digits.safetensors");

  // Weights alone, for another program that only predicts.
  fg::weights<decltype(network)> weights;
  fg::io::load(weights, "digits.safetensors");
  const fg::inference net{weights};

  // By name, row-major, [out][in]: the numbers of PyTorch's Sequential.
  const std::vector<float> weight = weights.read("0.weight");
  std::printf("0.weight has %zu numbers\n", weight.size());
  // prints: 0.weight has 2048 numbers

  std::size_t correct = 0;
  for (std::size_t i = 0; i < test.size(); ++i) {
    const auto logits = net(test.input(i).first<64>());
    correct += std::max_element(logits.begin(), logits.end()) - logits.begin() == test.label(i);
  }
  const double accuracy = static_cast<double>(correct) / static_cast<double>(test.size());
  std::printf("accuracy %.4f\n", accuracy);
  // prints: accuracy 0.905 +- 0.02

  // A file that does not fit is an error that says where, and nothing is changed.
  bool refused = false;
  try {
    fg::weights<decltype(wider)> others;
    fg::io::load(others, "digits.safetensors");
  } catch (const std::exception& error) {
    std::printf("%s\n", error.what());
    // prints: digits.safetensors: 3 tensors do not fit the model:
    // prints: tensor "0.weight": expected F32 [48, 64], found F32 [32, 64]
    // prints: tensor "0.bias": expected F32 [48], found F32 [32]
    refused = true;
  }
  return refused && accuracy > 0.9 && accuracy == trainer.evaluate(test).accuracy ? 0 : 1;
}
