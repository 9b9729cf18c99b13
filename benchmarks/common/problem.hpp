// SPDX-License-Identifier: MIT
#pragma once

#include "cases.hpp"
#include "numbers.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace benchmarks {

/// The rate of the plain gradient descent that every system trains with.
inline constexpr float learning_rate = 1e-3f;

/// Initial weights and data of a case, the same for every system.
struct problem {
  std::vector<std::vector<float>> weights; ///< of each layer, [out][in]
  std::vector<std::vector<float>> biases;  ///< of each layer, [out]
  std::vector<float> inputs;               ///< [batch][features]
  std::vector<std::int32_t> labels;        ///< [batch]; empty unless the loss is cross-entropy
  std::vector<float> targets;              ///< [batch][outputs]; empty unless the loss is the squared error

  problem(const model_case& c, std::size_t batch) : weights(c.layers()), biases(c.layers()) {
    for (std::size_t l = 0; l < c.layers(); ++l) {
      fill(weights[l], c.in(l)*c.out(l), [&](std::size_t i) { return weight(l, i, c.in(l), c.gain(l)); });
      fill(biases[l], c.out(l), [&](std::size_t i) { return bias(l, i); });
    }
    fill(inputs, batch * c.features(), input);
    if (c.trained_on == loss::cross_entropy)
      fill(labels, batch, [&](std::size_t i) { return label(i, c.outputs()); });
    else
      fill(targets, batch * c.outputs(), target);
  }

private:
  template <class T, class Number> static void fill(std::vector<T>& to, std::size_t count, Number&& number) {
    to.resize(count);
    for (std::size_t i = 0; i < count; ++i) to[i] = number(i);
  }
};

} // namespace benchmarks
