// SPDX-License-Identifier: MIT
#include "compiled_deep_nets.hpp"

#include <cmath>
#include <fusegrad/layers.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/samples.hpp>
#include <numeric>
#include <string>
#include <utility>

namespace study {

namespace {

namespace fg = fusegrad;

template <class Hidden, std::size_t... I> constexpr auto repeated(Hidden hidden, std::index_sequence<I...>) {
  return (fg::input<64> | ... | (static_cast<void>(I), hidden)) | fg::dense<10>;
}

template <const auto& Activation>
std::vector<double> gradient_norms(const chain<double>& plain, const rows<double>& inputs,
                                   std::span<const std::int32_t> labels) {
  constexpr auto model = repeated(fg::dense<32> | Activation, std::make_index_sequence<compiled_depth>{});
  fg::weights<decltype(model), double> weights;
  // A block has one number in the names of parameters, and its layers theirs: 7.0.weight.
  const auto name = [](std::size_t layer) {
    return std::to_string(layer) + (layer < compiled_depth ? ".0.weight" : ".weight");
  };
  for (std::size_t l = 0; l <= compiled_depth; ++l) weights.write(name(l), plain.layers()[l].weight);
  fg::gradients<std::remove_const_t<decltype(model)>, std::remove_const_t<decltype(fg::softmax_cross_entropy)>, double>
      gradients{model, fg::softmax_cross_entropy, labels.size()};
  std::vector<std::uint32_t> all(labels.size());
  std::iota(all.begin(), all.end(), 0u);
  gradients.compute(weights, fg::labelled(std::span(inputs.numbers), inputs.width, labels), all);
  std::vector<double> norms;
  for (std::size_t l = 0; l <= compiled_depth; ++l) {
    double squares = 0;
    for (double g : gradients.read(name(l))) squares += g * g;
    norms.push_back(std::sqrt(squares));
  }
  return norms;
}

constexpr compiled_deep_net nets[] = {
    {"sigmoid", gradient_norms<fg::sigmoid>},
    {"relu", gradient_norms<fg::relu>},
};

} // namespace

std::span<const compiled_deep_net> compiled_deep_nets() { return nets; }

} // namespace study
