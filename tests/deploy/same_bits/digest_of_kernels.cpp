// SPDX-License-Identifier: MIT
// Trains nets whose kernels fusegrad::kernels has, and prints a digest of the bits of their weights and outputs.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <numeric>
#include <span>
#include <vector>

namespace fg = fusegrad;

#ifdef FUSEGRAD_KERNELS
static_assert(fg::kernel::has_kernels_apart);
#else
static_assert(!fg::kernel::has_kernels_apart);
#endif

namespace {
constexpr std::size_t features = 40, batch = 101;

std::uint64_t hash = 14695981039346656037u;
void add(std::span<const float> numbers) {
  for (float x : numbers) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    hash = (hash ^ bits) * 1099511628211u;
  }
}

template <class Model, class Rule> void train(Model model, Rule rule) {
  std::vector<float> inputs(batch * features);
  std::vector<std::int32_t> labels(batch);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = static_cast<float>(i * 37 % 101) / 50.0f - 1.0f;
  for (std::size_t i = 0; i < batch; ++i) labels[i] = static_cast<std::int32_t>(i % 10);
  std::vector<std::uint32_t> order(batch);
  std::iota(order.begin(), order.end(), 0u);
  fg::trainer trainer{model, fg::softmax_cross_entropy, rule, fg::training_options<float>{.threads = 2}};
  for (int step = 0; step < 20; ++step) trainer.step(fg::labelled<float>(inputs, features, labels), order);
  for (const auto& name : trainer.parameter_names()) add(trainer.read(name));
  add(trainer.predict(inputs));
}
} // namespace

int main() {
  train(fg::input<features> | fg::dense<72> | fg::relu | fg::dense<24> | fg::tanh | fg::dense<10>, fg::adam{});
  train(fg::input<features> | fg::dense<72> | fg::gelu | fg::dense<24> | fg::silu | fg::dense<10>, fg::sgd{});
  std::printf("%016llx\n", static_cast<unsigned long long>(hash));
}
