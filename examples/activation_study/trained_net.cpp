// SPDX-License-Identifier: MIT
#include "trained_net.hpp"

#include <fusegrad/base/random.hpp>

namespace study {

std::span<const std::uint32_t> batches::next() {
  constexpr std::size_t size = 32;
  if (order_.empty() || place_ + size > order_.size()) {
    order_ = fusegrad::base::permutation(static_cast<std::uint32_t>(samples_->size()), seed_, epoch_++);
    place_ = 0;
  }
  place_ += size;
  return std::span(order_).subspan(place_ - size, size);
}

std::vector<std::string> hidden_matrices(const trained_net& net) {
  std::vector<std::string> found;
  for (const std::string& name : net.names())
    // Normalisations have weights of one number a unit; the last layer has ten units.
    if (const std::size_t size = net.read(name).size();
        name.ends_with("weight") && size >= 32 * 32 && size != 10 * wide_net_width)
      found.push_back(name);
  return found;
}

void scale_hidden_weights(trained_net& net, double factor) {
  for (const std::string& name : hidden_matrices(net)) {
    std::vector<float> numbers = net.read(name);
    for (float& w : numbers) w *= static_cast<float>(factor);
    net.write(name, numbers);
  }
}

chain<float> chain_of(const trained_net& net, const known_activation& f) {
  std::vector<dense_layer<float>> layers;
  for (const std::string& name : net.names()) {
    const std::vector<float> numbers = net.read(name);
    if (name.ends_with("weight")) {
      layers.push_back({0, 0, numbers, {}, static_cast<float>(f.parameter)});
    } else if (name.ends_with("bias")) {
      layers.back().bias = numbers;
      layers.back().out = numbers.size();
      layers.back().in = layers.back().weight.size() / numbers.size();
    } else {
      layers.back().parameter = numbers.front();
    }
  }
  return {f, std::move(layers)};
}

} // namespace study
