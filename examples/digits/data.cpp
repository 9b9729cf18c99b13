// SPDX-License-Identifier: MIT
#include "data.hpp"

#include <fusegrad/data/digits.hpp>
#include <fusegrad/data/idx.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

namespace digits {

namespace {

using fusegrad::data::dataset;
namespace files = std::filesystem;

std::optional<files::path> find(const files::path& folder, const std::string& name) {
  for (const char* ending : {".gz", ""})
    if (files::exists(folder / (name + ending))) return folder / (name + ending);
  return std::nullopt;
}

std::optional<dataset<float>> load_part(const files::path& folder, const std::string& part) {
  const auto images = find(folder, part + "-images-idx3-ubyte");
  const auto labels = find(folder, part + "-labels-idx1-ubyte");
  if (!images || !labels) return std::nullopt;
  return fusegrad::data::load_idx(*images, *labels, 10);
}

} // namespace

samples load_embedded(std::uint64_t seed) {
  auto [train, test] = fusegrad::data::digits().split(0.8, seed);
  return {"1,797 handwritten digits (UCI)", std::move(train), std::move(test)};
}

samples load_mnist(const files::path& folder) {
  auto train = load_part(folder, "train");
  auto test = load_part(folder, "t10k");
  if (train && test) return {"MNIST", std::move(*train), std::move(*test)};
  const auto& only = train ? train : test;
  if (!only) {
    throw std::runtime_error(
        folder.string() + ": expected train-images-idx3-ubyte and train-labels-idx1-ubyte, or the same with "
                          "t10k, plain or .gz; found neither pair");
  }
  const std::size_t cut = only->size() * 4 / 5;
  return {train ? "MNIST, training images only" : "MNIST, test images only", only->first(cut),
          only->last(only->size() - cut)};
}

} // namespace digits
