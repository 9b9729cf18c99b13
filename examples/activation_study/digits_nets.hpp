// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/data/dataset.hpp>
#include <span>
#include <string_view>
#include <vector>

// Digits read by a net with two hidden layers, shared by the claims 4 and 10.
namespace study {

using images = fusegrad::data::dataset<float>;

enum class update { adam, momentum };

struct digits_recipe {
  update rule = update::adam;
  double learning_rate = 3e-3;
  std::size_t epochs = 40;
  std::uint64_t seed = 0;
};

/// What was seen after each epoch, from before the first on: the loss over all training samples, and over samples held back.
struct digits_curve {
  std::vector<double> loss, validation_loss, validation_accuracy;
  double test_accuracy = 0; ///< at the end
};

/// The three parts of the data.
struct digits_samples {
  images train, validation, test;
};

/// A net, how it is trained (batches of 32), and how many microseconds one step takes of one thread.
struct digits_net {
  std::string_view name;
  digits_curve (*train)(const digits_samples&, const digits_recipe&);
  double (*microseconds)(const images&, int steps);
};

/// 64 | dense 32 | f | dense 32 | f | dense 10.
std::span<const digits_net> digits_nets();
/// The same with groups of two or four kinds of activations in each hidden layer.
std::span<const digits_net> mixed_digits_nets();
/// 784 | dense 32 | f | dense 32 | f | dense 10, for MNIST.
std::span<const digits_net> mnist_nets();

} // namespace study
