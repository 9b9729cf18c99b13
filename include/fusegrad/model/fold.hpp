// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/layer/without_batch_norm.hpp>
#include <fusegrad/math/square_root.hpp>
#include <fusegrad/model/weights.hpp>
#include <string>
#include <vector>

namespace fusegrad {

/// A model as it is for inference: each `batch_norm` behind a dense layer or a convolution of any kind is a part of
/// that layer, and so are the normalisations of `normalised`. Any other model stays what it is.
template <any_model Model> using folded_model = typename layers::without_batch_norm<Model>::type;

namespace detail {

/// y = (W x + b - mean) scale + shift with scale = gain / sqrt(variance + epsilon): what W has of each unit times the
/// scale, and a new bias.
template <class From, class To>
void fold_pair(const From& from, To& to, const layers::folded_product& product, const std::string& norm, double epsilon,
               bool is_affine) {
  using T = typename From::number_type;
  std::vector<T> weight = to.read(product.path + ".weight"), bias = to.read(product.path + ".bias");
  const std::vector<T> mean = from.read(norm + ".running_mean"), variance = from.read(norm + ".running_var");
  const std::vector<T> gain = is_affine ? from.read(norm + ".weight") : std::vector<T>(mean.size(), T{1});
  const std::vector<T> shift = is_affine ? from.read(norm + ".bias") : std::vector<T>(mean.size());
  std::vector<double> scales(mean.size());
  for (std::size_t o = 0; o < mean.size(); ++o) {
    scales[o] = static_cast<double>(gain[o]) / math::sqrt(static_cast<double>(variance[o]) + epsilon);
    bias[o] = static_cast<T>((static_cast<double>(bias[o]) - static_cast<double>(mean[o])) * scales[o] +
                             static_cast<double>(shift[o]));
  }
  for (std::size_t i = 0; i < weight.size(); ++i)
    weight[i] =
        static_cast<T>(static_cast<double>(weight[i]) * scales[product.order.unit_of(i, weight.size(), scales.size())]);
  to.write(product.path + ".weight", weight);
  to.write(product.path + ".bias", bias);
}

} // namespace detail

/// The weights of a model as `folded_model` has them: the same outputs but for rounding, and nothing left to normalise.
template <any_model Model, class T> constexpr weights<folded_model<Model>, T> fold(const weights<Model, T>& trained) {
  if constexpr (!layers::without_batch_norm<Model>::changes) {
    return trained;
  } else {
    weights<folded_model<Model>, T> folded;
    for (const std::string& name : folded.parameter_names())
      if (trained.has(name)) folded.write(name, trained.read(name));
    layers::detail::folded_walk walk{
        [&]<class Norm>(const layers::folded_product& product, const std::string& norm, Norm) {
          if constexpr (requires { Norm::epsilon; })
            detail::fold_pair(trained, folded, product, norm, Norm::epsilon, Norm::is_affine);
          else
            Norm::fold(trained, folded, product.path, norm);
        }};
    layers::without_batch_norm<Model>::walk("", walk);
    return folded;
  }
}

template <any_model Model, class T> constexpr auto fold(const weights<const Model, T>& trained) {
  return fold(static_cast<const weights<Model, T>&>(trained));
}

} // namespace fusegrad
