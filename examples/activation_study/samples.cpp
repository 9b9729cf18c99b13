// SPDX-License-Identifier: MIT
#include "samples.hpp"

#include <fusegrad/data/digits.hpp>
#include <fusegrad/data/mnist.hpp>
#include <fusegrad/data/normalisation.hpp>
#include <vector>

namespace study {

namespace {

/// One mean and deviation for all pixels, as is usual for MNIST: a pixel that is nearly always paper would become huge.
fusegrad::data::dataset<float> scaled(const fusegrad::data::dataset<float>& samples) {
  const std::size_t features = samples.features();
  return fusegrad::data::normalisation<float>{std::vector<float>(features, 0.1307f), std::vector<float>(features, 0.3081f)}.apply(samples);
}

} // namespace

split_samples load_digits() {
  auto [train, test] = fusegrad::data::digits().split(0.8, 1);
  const auto scale = fusegrad::data::fit_standardisation(train);
  return {scale.apply(train), scale.apply(test)};
}

std::optional<split_samples> load_mnist(const std::string& folder) {
  if (folder.empty()) return std::nullopt;
  const fusegrad::data::image_classes images = fusegrad::data::load_mnist(folder);
  return split_samples{scaled(images.train), scaled(images.test)};
}

} // namespace study
