// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/file_path.hpp>
#include <fusegrad/data/dataset.hpp>
#include <string>
#include <vector>

namespace fusegrad::data {

/// Images with classes, as MNIST and data sets in its form come.
struct image_classes {
  std::string name; ///< "MNIST" or "Fashion-MNIST" where it is one of them, and which half of it there was
  dataset<float> train;
  dataset<float> test;
  std::vector<std::string> class_names{}; ///< what each class shows; empty where that is not known
};

/// Reads a folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and the same with t10k, plain or with .gz;
/// pixels from 0 to 1. With one of the two pairs alone the last fifth of it is for tests. MNIST and Fashion-MNIST,
/// whose files have the same names and sizes, are told apart by the first labels; any other set has its folder's name.
/// Throws file_error naming the folder where there is neither pair, and as `load_idx` does.
image_classes load_mnist(const base::file_path& folder);

} // namespace fusegrad::data
