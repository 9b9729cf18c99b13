// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/data/dataset.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

// Regression with one hidden layer, shared by the claims 7, 9 and 10. A net is another type for each activation and for
// nothing else: fewer units than the type has are made by holding the weights that lead out of the others at zero, and
// a target of one number takes the first input.
namespace study {

/// The number of hidden units of the type.
inline constexpr std::size_t small_net_width = 32;

/// Samples of a function, scaled so that the targets have variance 1: errors are then shares of the target's deviation.
struct regression {
  fusegrad::data::dataset<float> train, test;
  std::size_t inputs = 1; ///< 1 or 2
};

struct small_recipe {
  std::size_t units = small_net_width;
  int steps = 3000;
  double learning_rate = 0.01;
  std::uint64_t seed = 0;
};

/// Root mean square errors; both are 1 for a net that knows the mean alone.
struct small_errors {
  double train, test;
};

/// A net with one hidden layer and how it is trained: Adam on all samples at once, the learning rate falling to zero by
/// a cosine. It starts as `dense` does, but with hidden biases uniform in [-1, 1], where the inputs are: else all kinks
/// would start in one place.
struct small_net {
  std::string_view name;
  small_errors (*train)(const regression&, const small_recipe&);
};

std::span<const small_net> small_nets();

/// Throws std::out_of_range for a net that is not there.
inline const small_net& small_net_named(std::string_view name) {
  for (const small_net& net : small_nets())
    if (net.name == name) return net;
  throw std::out_of_range("there is no small net with the activation " + std::string(name));
}

} // namespace study
