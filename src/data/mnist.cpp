// SPDX-License-Identifier: MIT
#include <fusegrad/data/mnist.hpp>

#include <fusegrad/data/idx.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

namespace fusegrad::data {

namespace {

std::optional<std::filesystem::path> find(const std::filesystem::path& folder, const std::string& name) {
  for (const char* ending : {".gz", ""})
    if (std::filesystem::exists(folder / (name + ending))) return folder / (name + ending);
  return std::nullopt;
}

std::optional<dataset<float>> load_part(const std::filesystem::path& folder, const std::string& part) {
  const auto images = find(folder, part + "-images-idx3-ubyte");
  const auto labels = find(folder, part + "-labels-idx1-ubyte");
  if (!images || !labels) return std::nullopt;
  return load_idx(*images, *labels, 10);
}

} // namespace

image_classes load_mnist(const std::filesystem::path& folder) {
  auto train = load_part(folder, "train");
  auto test = load_part(folder, "t10k");
  if (train && test) return {"MNIST", std::move(*train), std::move(*test)};
  const auto& only = train ? train : test;
  if (!only)
    throw std::runtime_error(folder.string() +
                             ": expected train-images-idx3-ubyte and train-labels-idx1-ubyte, or the same with "
                             "t10k, plain or .gz; found neither pair");
  const std::size_t cut = only->size() * 4 / 5;
  return {train ? "MNIST, training images only" : "MNIST, test images only", only->first(cut),
          only->last(only->size() - cut)};
}

} // namespace fusegrad::data
