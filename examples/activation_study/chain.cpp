// SPDX-License-Identifier: MIT
#include "chain.hpp"

#include <algorithm>
#include <cmath>
#include <fusegrad/base/random.hpp>
#include <numeric>

namespace study {

template <class T>
chain<T> chain<T>::drawn(const known_activation& f, std::span<const std::size_t> widths, std::uint64_t seed,
                         const deviation_of& deviation) {
  std::vector<dense_layer<T>> layers;
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    dense_layer<T> layer{widths[l], widths[l + 1], {}, std::vector<T>(widths[l + 1]), static_cast<T>(f.parameter)};
    const double width = deviation(l, static_cast<double>(layer.in), static_cast<double>(layer.out));
    const fusegrad::base::random_stream numbers = fusegrad::base::random_stream(seed).child(l);
    layer.weight.resize(layer.in * layer.out);
    for (std::size_t i = 0; i < layer.weight.size(); ++i) layer.weight[i] = static_cast<T>(width * numbers.normal(i));
    layers.push_back(std::move(layer));
  }
  return {f, std::move(layers)};
}

template <class T> rows<T> chain<T>::sums(std::size_t layer, const rows<T>& x) const {
  const dense_layer<T>& d = layers_[layer];
  std::vector<T> across(d.weight.size()); // [in][out], so that the inner loop runs along memory
  for (std::size_t o = 0; o < d.out; ++o)
    for (std::size_t i = 0; i < d.in; ++i) across[i * d.out + o] = d.weight[o * d.in + i];
  rows<T> z{d.out, std::vector<T>(x.size() * d.out)};
  for (std::size_t s = 0; s < x.size(); ++s) {
    T* const to = z[s];
    std::copy(d.bias.begin(), d.bias.end(), to);
    for (std::size_t i = 0; i < d.in; ++i) {
      const T factor = x[s][i];
      for (std::size_t o = 0; o < d.out; ++o) to[o] += factor * across[i * d.out + o];
    }
  }
  return z;
}

template <class T> rows<T> chain<T>::activated(std::size_t layer, const rows<T>& z) const {
  rows<T> y{z.width, std::vector<T>(z.numbers.size())};
  f_->of<T>().value(z.numbers.data(), y.numbers.data(), z.numbers.size(), layers_[layer].parameter);
  return y;
}

template <class T> rows<T> chain<T>::slopes(std::size_t layer, const rows<T>& z) const {
  rows<T> y{z.width, std::vector<T>(z.numbers.size())};
  f_->of<T>().slope(z.numbers.data(), y.numbers.data(), z.numbers.size(), layers_[layer].parameter);
  return y;
}

template <class T> rows<T> chain<T>::outputs(rows<T> x) const {
  for (std::size_t l = 0; l < hidden_layers(); ++l) x = activated(l, sums(l, x));
  return sums(hidden_layers(), x);
}

/// The gradient with respect to the outputs: softmax less one for the label, over the number of samples.
template <class T> rows<T> chain<T>::errors(const rows<T>& outputs, std::span<const std::int32_t> labels) const {
  rows<T> error = outputs;
  for (std::size_t s = 0; s < error.size(); ++s) {
    T* const e = error[s];
    const T largest = *std::max_element(e, e + error.width);
    T sum = 0;
    for (std::size_t k = 0; k < error.width; ++k) sum += e[k] = std::exp(e[k] - largest);
    for (std::size_t k = 0; k < error.width; ++k) e[k] /= sum;
    e[labels[s]] -= 1;
    for (std::size_t k = 0; k < error.width; ++k) e[k] /= static_cast<T>(error.size());
  }
  return error;
}

template <class T> double chain<T>::weight_gradient_norm(const rows<T>& x, const rows<T>& error) const {
  std::vector<T> gradient(x.width);
  double squares = 0;
  for (std::size_t o = 0; o < error.width; ++o) {
    std::fill(gradient.begin(), gradient.end(), T{});
    for (std::size_t s = 0; s < x.size(); ++s)
      for (std::size_t i = 0; i < x.width; ++i) gradient[i] += error[s][o] * x[s][i];
    for (T g : gradient) squares += static_cast<double>(g) * static_cast<double>(g);
  }
  return std::sqrt(squares);
}

template <class T> rows<T> chain<T>::passed_back(std::size_t layer, const rows<T>& error) const {
  const dense_layer<T>& d = layers_[layer];
  rows<T> back{d.in, std::vector<T>(error.size() * d.in)};
  for (std::size_t s = 0; s < error.size(); ++s)
    for (std::size_t o = 0; o < d.out; ++o)
      for (std::size_t i = 0; i < d.in; ++i) back[s][i] += error[s][o] * d.weight[o * d.in + i];
  return back;
}

template <class T>
std::vector<double> chain<T>::gradient_norms(const rows<T>& inputs, std::span<const std::int32_t> labels) const {
  std::vector<rows<T>> x{inputs}, z;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    z.push_back(sums(l, x[l]));
    if (l + 1 < layers_.size()) x.push_back(activated(l, z[l]));
  }
  std::vector<double> norms(layers_.size());
  rows<T> error = errors(z.back(), labels);
  for (std::size_t l = layers_.size(); l-- > 0;) {
    norms[l] = weight_gradient_norm(x[l], error);
    if (l == 0) break;
    error = passed_back(l, error);
    const rows<T> slope = slopes(l - 1, z[l - 1]);
    for (std::size_t i = 0; i < error.numbers.size(); ++i) error.numbers[i] *= slope.numbers[i];
  }
  return norms;
}

std::vector<std::uint32_t> all_of(const fusegrad::data::dataset<float>& samples) {
  std::vector<std::uint32_t> all(samples.size());
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

double accuracy_of(const chain<float>& net, const fusegrad::data::dataset<float>& samples) {
  rows<float> scores = net.outputs(inputs_of<float>(samples, all_of(samples)));
  std::size_t right = 0;
  for (std::size_t s = 0; s < scores.size(); ++s)
    right += std::max_element(scores[s], scores[s] + scores.width) - scores[s] == samples.label(s);
  return static_cast<double>(right) / static_cast<double>(scores.size());
}

template class chain<float>;
template class chain<double>;

} // namespace study
