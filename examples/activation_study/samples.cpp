// SPDX-License-Identifier: MIT
#include "samples.hpp"

#include <algorithm>
#include <fusegrad/base/random.hpp>
#include <fusegrad/data/digits.hpp>
#include <fusegrad/data/mnist.hpp>
#include <fusegrad/data/normalisation.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace study {

namespace {

using samples = fusegrad::data::dataset<float>;

samples drawn(const samples& from, std::size_t most, std::uint64_t seed) {
  std::vector<std::uint32_t> chosen = fusegrad::base::permutation(static_cast<std::uint32_t>(from.size()), seed);
  chosen.resize(std::min(chosen.size(), most));
  return from.subset(std::span<const std::uint32_t>(chosen));
}

constexpr std::size_t side = 28; // of an image of MNIST, in pixels

void append_reduced(std::vector<float>& to, std::span<const float> image) {
  constexpr std::size_t frame = 2, field = 4, fields = 8;
  std::vector<float> means(fields * fields);
  for (std::size_t row = 0; row < side; ++row)
    for (std::size_t column = 0; column < side; ++column)
      means[(row + frame) / field * fields + (column + frame) / field] += image[row * side + column] / (field * field);
  to.insert(to.end(), means.begin(), means.end());
}

samples reduced(const samples& images) {
  if (images.features() != side * side)
    throw std::runtime_error("images of MNIST have 28 x 28 pixels; these have " + std::to_string(images.features()));
  std::vector<float> pixels;
  for (std::size_t i = 0; i < images.size(); ++i) append_reduced(pixels, images.input(i));
  return images.with_inputs(std::move(pixels), 64);
}

/// A corner that is grey in one image of ten thousand would be a hundred deviations there: no field counts as quieter
/// than a twentieth of the liveliest. What is always paper becomes 0.
fusegrad::data::normalisation<float> moderate_standardisation(const samples& images) {
  auto scale = fusegrad::data::fit_standardisation(images);
  float largest = 0;
  for (std::size_t i = 0; i < images.features(); ++i)
    if (const float d = scale.divisor[i]; d < 1) largest = std::max(largest, d); // 1 stands for constant features
  for (float& d : scale.divisor) d = std::max(d, largest / 20);
  return scale;
}

} // namespace

image_set load_digits() {
  auto [train, test] = fusegrad::data::digits().split(0.8, 1);
  const auto scale = fusegrad::data::fit_standardisation(train);
  return {"digits", scale.apply(train), scale.apply(test)};
}

std::optional<image_set> load_reduced_mnist(const std::string& folder) {
  if (folder.empty()) return std::nullopt;
  const fusegrad::data::image_classes images = fusegrad::data::load_mnist(folder);
  const samples train = reduced(drawn(images.train, 8000, 1)), test = reduced(drawn(images.test, 2000, 2));
  const auto scale = moderate_standardisation(train);
  return image_set{"MNIST", scale.apply(train), scale.apply(test)};
}

image_set as_many_as(const image_set& other, const image_set& from) {
  return {from.name, drawn(from.train, other.train.size(), 3), drawn(from.test, other.test.size(), 4)};
}

} // namespace study
