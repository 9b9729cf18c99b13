// SPDX-License-Identifier: MIT
// Trains for fifty steps and prints a digest of the weights' bits.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <numeric>

namespace fg = fusegrad;

int main() {
  constexpr auto architecture = fg::input<7> | fg::dense<19> | fg::tanh | fg::dense<4>;
  constexpr std::size_t batch = 100;
  std::vector<float> inputs(batch * 7);
  std::vector<std::int32_t> labels(batch);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(i * 37 % 101) / 50.0f - 1.0f;
  for (std::size_t i = 0; i < batch; ++i) labels[i] = static_cast<std::int32_t>(i % 4);
  std::vector<std::uint32_t> order(batch);
  std::iota(order.begin(), order.end(), 0u);

  fg::trainer trainer{architecture, fg::softmax_cross_entropy, fg::adam{}, fg::training_options<float>{.threads = 3}};
  for (int step = 0; step < 50; ++step) trainer.step(fg::labelled<float>(inputs, 7, labels), order);
  std::uint64_t hash = 14695981039346656037u;
  for (const auto& name : trainer.parameter_names())
    for (float x : trainer.read(name)) {
      std::uint32_t bits = 0;
      std::memcpy(&bits, &x, sizeof bits);
      hash = (hash ^ bits) * 1099511628211u;
    }
  std::printf("%016llx\n", static_cast<unsigned long long>(hash));
}
