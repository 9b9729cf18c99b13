// SPDX-License-Identifier: MIT
#pragma once

#include "known_activations.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <fusegrad/data/dataset.hpp>
#include <span>
#include <vector>

// dense | f | dense | f | ... | dense with a depth chosen at run time, in plain loops: so a study of depth needs no
// type for each depth, and every number inside can be looked at. Claim 1 compares it with nets that the library
// compiles.
namespace study {

/// Rows of numbers, one for each sample.
template <class T> struct rows {
  std::size_t width = 0;
  std::vector<T> numbers = {};

  std::size_t size() const { return width == 0 ? 0 : numbers.size() / width; }
  T* operator[](std::size_t i) { return numbers.data() + i * width; }
  const T* operator[](std::size_t i) const { return numbers.data() + i * width; }
};

template <class T>
rows<T> inputs_of(const fusegrad::data::dataset<float>& samples, std::span<const std::uint32_t> indices) {
  rows<T> all{samples.features(), {}};
  for (std::uint32_t i : indices)
    for (float x : samples.input(i)) all.numbers.push_back(static_cast<T>(x));
  return all;
}

template <class T> struct dense_layer {
  std::size_t in, out;
  std::vector<T> weight, bias; ///< weight [out][in]
  T parameter = 0;             ///< learned number of the activation behind it
};

template <class T> class chain {
public:
  chain(const known_activation& f, std::vector<dense_layer<T>> layers) : f_{&f}, layers_{std::move(layers)} {}

  /// `widths`: inputs, hidden layers, outputs. Weights of layer l are normal with the deviation `deviation(l, fan in,
  /// fan out)`, biases 0.
  using deviation_of = std::function<double(std::size_t layer, double fan_in, double fan_out)>;
  static chain drawn(const known_activation& f, std::span<const std::size_t> widths, std::uint64_t seed,
                     const deviation_of& deviation);

  std::vector<dense_layer<T>>& layers() { return layers_; }
  const std::vector<dense_layer<T>>& layers() const { return layers_; }
  std::size_t hidden_layers() const { return layers_.size() - 1; }

  /// What a layer makes of rows, before the activation.
  rows<T> sums(std::size_t layer, const rows<T>& x) const;
  /// The activation behind a layer.
  rows<T> activated(std::size_t layer, const rows<T>& z) const;
  /// The slopes of the activation behind a layer.
  rows<T> slopes(std::size_t layer, const rows<T>& z) const;

  rows<T> outputs(rows<T> x) const;
  /// Norm of the gradient of softmax cross-entropy, a mean over the samples, with respect to the weights of each layer.
  std::vector<double> gradient_norms(const rows<T>& inputs, std::span<const std::int32_t> labels) const;

private:
  rows<T> errors(const rows<T>& outputs, std::span<const std::int32_t> labels) const;
  double weight_gradient_norm(const rows<T>& x, const rows<T>& error) const;
  rows<T> passed_back(std::size_t layer, const rows<T>& error) const;

  const known_activation* f_;
  std::vector<dense_layer<T>> layers_;
};

/// The share of samples whose largest output is that of their class.
double accuracy_of(const chain<float>& net, const fusegrad::data::dataset<float>& samples);
std::vector<std::uint32_t> all_of(const fusegrad::data::dataset<float>& samples);

} // namespace study
