// SPDX-License-Identifier: MIT
#include "samples.hpp"

#include <filesystem>
#include <fusegrad/data/digits.hpp>
#include <fusegrad/data/idx.hpp>
#include <fusegrad/data/normalisation.hpp>
#include <stdexcept>
#include <utility>

namespace study {

namespace {

using fusegrad::data::dataset;
namespace files = std::filesystem;

std::optional<files::path> find(const files::path& folder, const std::string& name) {
  for (const char* ending : {".gz", ""})
    if (files::exists(folder / (name + ending))) return folder / (name + ending);
  return std::nullopt;
}

std::optional<dataset<float>> load_part(const files::path& folder, const std::string& part) {
  const auto images = find(folder, part + "-images-idx3-ubyte"), labels = find(folder, part + "-labels-idx1-ubyte");
  if (!images || !labels) return std::nullopt;
  const dataset<float> samples = fusegrad::data::load_idx(*images, *labels, 10);
  // One mean and deviation for all pixels, as is usual for MNIST: a pixel that is nearly always paper would become huge.
  return fusegrad::data::normalisation<float>{std::vector<float>(samples.features(), 0.1307f), std::vector<float>(samples.features(), 0.3081f)}.apply(samples);
}

} // namespace

split_samples load_digits() {
  auto [train, test] = fusegrad::data::digits().split(0.8, 1);
  const auto scale = fusegrad::data::fit_standardisation(train);
  return {scale.apply(train), scale.apply(test)};
}

std::optional<split_samples> load_mnist(const std::string& folder) {
  if (folder.empty()) return std::nullopt;
  auto train = load_part(folder, "train"), test = load_part(folder, "t10k");
  if (train && test) return split_samples{std::move(*train), std::move(*test)};
  const auto& only = train ? train : test;
  if (!only)
    throw std::runtime_error(folder + ": expected train-images-idx3-ubyte and train-labels-idx1-ubyte, or the same with t10k, plain or .gz; found neither pair");
  const std::size_t cut = only->size() * 4 / 5;
  return split_samples{only->first(cut), only->last(only->size() - cut)};
}

} // namespace study
