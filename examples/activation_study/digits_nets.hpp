// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/data/dataset.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

// Digits read by a net with two hidden layers, shared by the claims 4 and 10.
namespace study {

using images = fusegrad::data::dataset<float>;

/// The three parts of the data: to learn from, to choose by, and to judge by in the end.
struct digits_samples {
  images train, validation, test;
};

/// Four fifths of the training images to learn from, the others to choose by.
inline digits_samples with_validation(const images& train, const images& test) {
  auto [learned_from, held_back] = train.split(0.8, /*seed=*/2);
  return {std::move(learned_from), std::move(held_back), test};
}

enum class update { adam, momentum };

struct digits_recipe {
  update rule = update::adam;
  double learning_rate = 1e-3;
  std::size_t steps = 1440; ///< of 32 samples
  std::uint64_t seed = 0;
};

/// What was seen on the way: close together at first, then a twelfth of the way apart.
struct digits_curve {
  std::vector<double> steps, loss; ///< the loss over all training samples
  std::vector<double> validation_loss, validation_accuracy;
  double test_accuracy = 0; ///< at the end
};

/// A net, how it is trained, and how many microseconds a step takes of one thread.
struct digits_net {
  std::string_view name;
  digits_curve (*train)(const digits_samples&, const digits_recipe&);
  double (*microseconds)(const images&, int steps);
};

/// 64 | dense 32 | f | dense 32 | f | dense 10.
std::span<const digits_net> digits_nets();
/// The same with groups of two or four kinds of activations in each hidden layer.
std::span<const digits_net> mixed_digits_nets();

/// Throws std::out_of_range for a net that is not there.
inline const digits_net& net_named(std::span<const digits_net> nets, std::string_view name) {
  for (const digits_net& net : nets)
    if (net.name == name) return net;
  throw std::out_of_range("there is no net for digits with the activation " + std::string(name));
}

/// The mean of the validation loss over a run, which is small for runs that are fast and end well; infinity for a run
/// that failed.
double mean_validation_loss(const digits_curve&);

/// The learning rate of the smallest mean validation loss, in the median over `trials` runs with seeds that are not
/// used again.
double best_rate(const digits_net&, const digits_samples&, digits_recipe, std::span<const double> rates,
                 std::size_t trials);

} // namespace study
