// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>
#include <cstdint>
#include <filesystem>
#include <string>

namespace digits {

/// Samples to learn from, and samples that are only looked at in the end.
struct samples {
  std::string name;
  fusegrad::data::dataset<float> train;
  fusegrad::data::dataset<float> test;
};

/// The 1,797 digits in the library: four fifths to train, drawn by lot, one fifth to test.
samples load_embedded(std::uint64_t seed);

/// MNIST in IDX form, plain or with `.gz`: trains on `train-*` and tests on `t10k-*`; with only one of them
/// in the folder, on its first four fifths and its last. Throws std::runtime_error naming the folder where
/// there is neither.
samples load_mnist(const std::filesystem::path& folder);

} // namespace digits
