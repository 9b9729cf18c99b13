// SPDX-License-Identifier: MIT
#include <fusegrad/data/mnist.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fusegrad/data/file_error.hpp>
#include <fusegrad/data/idx.hpp>
#include <optional>
#include <span>
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

/// What tells two sets of the same names and sizes apart, and what their classes are called.
struct known_set {
  const char* name;
  std::array<std::int32_t, 12> first_of_train, first_of_test;
  std::array<const char*, 10> class_names;
};

constexpr known_set known_sets[] = {
    {"MNIST",
     {5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5},
     {7, 2, 1, 0, 4, 1, 4, 9, 5, 9, 0, 6},
     {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}},
    {"Fashion-MNIST",
     {9, 0, 0, 3, 0, 2, 7, 2, 5, 5, 0, 9},
     {9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5},
     {"T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"}},
};

bool begins_with(const dataset<float>& samples, std::span<const std::int32_t> labels) {
  return samples.size() >= labels.size() && std::equal(labels.begin(), labels.end(), samples.labels().begin());
}

/// Whose labels these are; none if not those of a set that is known.
const known_set* find_set(const std::optional<dataset<float>>& train, const std::optional<dataset<float>>& test) {
  for (const known_set& set : known_sets) {
    const bool fits =
        (!train || begins_with(*train, set.first_of_train)) && (!test || begins_with(*test, set.first_of_test));
    if (fits) return &set;
  }
  return nullptr;
}

/// The folder's own name, whatever slash there is behind it.
std::string name_of(const std::filesystem::path& folder) {
  const auto whole = std::filesystem::weakly_canonical(folder);
  return whole.has_filename() ? whole.filename().string() : whole.string();
}

} // namespace

image_classes load_mnist(const base::file_path& given) {
  const std::filesystem::path folder = given;
  auto train = load_part(folder, "train");
  auto test = load_part(folder, "t10k");
  const known_set* const set = train || test ? find_set(train, test) : nullptr;
  const std::string name = set != nullptr ? set->name : name_of(folder);
  std::vector<std::string> class_names;
  if (set != nullptr) class_names.assign(set->class_names.begin(), set->class_names.end());
  if (train && test) return {name, std::move(*train), std::move(*test), std::move(class_names)};
  const auto& only = train ? train : test;
  if (!only)
    throw file_error(folder.string() +
                     ": expected train-images-idx3-ubyte and train-labels-idx1-ubyte, or the same with "
                     "t10k, plain or .gz; found neither pair");
  const std::size_t cut = only->size() * 4 / 5;
  return {name + (train ? ", training images only" : ", test images only"), only->first(cut),
          only->last(only->size() - cut), std::move(class_names)};
}

} // namespace fusegrad::data
