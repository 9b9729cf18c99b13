// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>
#include <optional>
#include <string>

namespace study {

struct split_samples {
  fusegrad::data::dataset<float> train, test;
};

/// The 1,797 digits in the library: four fifths to train, drawn by lot, one fifth to test. Each feature has mean 0 and variance 1 over the
/// training samples.
split_samples load_digits();

/// MNIST in IDX form, plain or with `.gz`: trains on `train-*` and tests on `t10k-*`; with only one of them in the folder, on its first
/// four fifths and its last. All pixels together have about mean 0 and variance 1. Throws std::runtime_error naming the folder where there
/// is neither; nothing where the folder's name is empty.
std::optional<split_samples> load_mnist(const std::string& folder);

} // namespace study
