// SPDX-License-Identifier: MIT
#pragma once

#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <numeric>
#include <vector>

namespace fusegrad::test {

/// Numbers from -1 to 1 without a pattern.
inline std::vector<float> scattered(std::size_t count, std::uint64_t seed) {
  std::vector<float> out(count);
  for (float& x : out) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    x = static_cast<float>(seed >> 40) / static_cast<float>(1u << 23) - 1;
  }
  return out;
}

/// Samples for a model with so many inputs and outputs: classes, or real targets.
struct samples_for {
  std::size_t features, outputs;
  bool has_labels;
  std::vector<float> inputs, targets;
  std::vector<std::int32_t> labels;

  samples_for(std::size_t count, std::size_t features_, std::size_t outputs_, bool has_labels_)
      : features{features_}, outputs{outputs_}, has_labels{has_labels_}, inputs{scattered(count * features_, 1)},
        targets{scattered(count * outputs_, 2)} {
    for (float x : scattered(count, 3))
      labels.push_back(static_cast<std::int32_t>((x + 1) / 2 * static_cast<float>(outputs)));
  }
  auto view() const {
    return has_labels ? labelled<float>(inputs, features, labels)
                      : with_targets<float>(inputs, features, targets, outputs);
  }
};

/// FNV-1a over the bits of all weights, of the losses and of the numbers of hits on the way.
class digest {
public:
  template <class Number> void add(Number x) {
    unsigned char bytes[sizeof x];
    std::memcpy(bytes, &x, sizeof x);
    for (unsigned char byte : bytes) hash_ = (hash_ ^ byte) * 1099511628211u;
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

private:
  std::uint64_t hash_ = 14695981039346656037u;
};

/// What is left after some steps with one batch: the weights, and how it went.
template <class Model, class Loss, class Rule>
std::uint64_t digest_after(int steps, std::size_t batch, Model, Loss loss, Rule rule,
                           const training_options<float>& options) {
  const samples_for samples(batch, Model::input_size(), Model::output_size(),
                            Loss::target_shape(Model::output_shape()).size() > 1);
  trainer<Model, Loss, Rule, float> trainer(Model{}, loss, rule, options);
  std::vector<std::uint32_t> indices(batch);
  std::iota(indices.begin(), indices.end(), 0u);
  digest d;
  for (int i = 0; i < steps; ++i) {
    const batch_result result = trainer.step(samples.view(), indices);
    d.add(result.loss), d.add(result.correct);
  }
  for (const auto& name : trainer.parameter_names())
    for (float x : trainer.read(name)) d.add(x);
  return d.value();
}

/// Trains on several numbers of threads and compares all bits.
template <class Model, class Loss>
void check_same_bits_on_threads(Model model, Loss loss, std::size_t batch, int steps) {
  const auto on = [&](int threads, int count) {
    return digest_after(count, batch, model, loss, sgd{.learning_rate = 1e-3}, {.seed = 3, .threads = threads});
  };
  const std::uint64_t expected = on(1, steps);
  for (int threads : {2, 3, 4, 8}) BOOST_TEST(on(threads, steps) == expected, threads << " threads, batch " << batch);
  BOOST_TEST(on(1, steps + 1) != expected); // a digest tells weights apart
}

} // namespace fusegrad::test
