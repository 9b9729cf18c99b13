// SPDX-License-Identifier: MIT
#pragma once

#include "chain.hpp"

#include <cstddef>
#include <cstdint>
#include <fusegrad/data/dataset.hpp>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Nets that are trained, behind an interface without types: shared by the claims 2, 3, 6 and 11.
namespace study {

enum class rule { descent, momentum, adam };

struct net_recipe {
  study::rule rule = rule::momentum;
  double learning_rate = 0.01;
  std::uint64_t seed = 0;
  double clip_norm = std::numeric_limits<double>::infinity();
};

/// A trainer of one thread whose type is forgotten.
class trained_net {
public:
  using samples = fusegrad::data::dataset<float>;

  virtual ~trained_net() = default;
  /// A step, and the loss of the batch before it.
  virtual double step(const samples& all, std::span<const std::uint32_t> indices) = 0;
  virtual std::vector<std::string> names() const = 0; ///< of the parameters
  virtual std::vector<float> read(std::string_view name) const = 0;
  virtual void write(std::string_view name, std::span<const float> numbers) = 0;
};

/// A kind of net: the architecture is a type behind `make`.
struct net_kind {
  std::string_view activation;
  std::string_view remedy; ///< what else is in it; may be empty
  std::unique_ptr<trained_net> (*make)(const net_recipe&);
};

/// 64 | dense 32 | f | (12 times in all) | dense 10, f among ten activations; with ReLU also batch normalisation and
/// residual blocks.
inline constexpr std::size_t deep_net_depth = 12;
std::span<const net_kind> deep_nets();
std::span<const net_kind> deep_nets_with_remedies();

/// 64 | dense 256 | f | dense 256 | f | dense 10.
inline constexpr std::size_t wide_net_width = 256;
std::span<const net_kind> wide_nets();

/// The same with a penalty of so much times the sum of the absolute outputs of hidden units.
struct penalised_kind : net_kind {
  double strength;
};
std::span<const penalised_kind> penalised_nets();

/// Batches of 32, in an order that follows from the seed.
class batches {
public:
  batches(const fusegrad::data::dataset<float>& samples, std::uint64_t seed) : samples_{&samples}, seed_{seed} {}
  std::span<const std::uint32_t> next();

private:
  const fusegrad::data::dataset<float>* samples_;
  std::uint64_t seed_, epoch_ = 0;
  std::size_t place_ = 0;
  std::vector<std::uint32_t> order_{};
};

/// The names of the matrices of hidden layers, in their order.
std::vector<std::string> hidden_matrices(const trained_net& net);
void scale_hidden_weights(trained_net& net, double factor);

/// The weights of a net of `wide_nets` or `deep_nets`, to look into it.
chain<float> chain_of(const trained_net& net, const known_activation& f);

} // namespace study
