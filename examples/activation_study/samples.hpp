// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>
#include <optional>
#include <string>

namespace study {

/// Images of 8 x 8 pixels, which nets with 64 inputs take.
struct image_set {
  std::string name = {};
  fusegrad::data::dataset<float> train = {}, test = {};
};

/// The 1,797 digits in the library: four fifths to train, drawn by lot, one fifth to test. Each feature has mean 0 and
/// variance 1 over the training samples.
image_set load_digits();

/// MNIST in IDX form, plain or with `.gz`, reduced to 8 x 8 pixels as the digits in the library were made: a frame of
/// two pixels of paper makes 32 x 32 of them, fields of 4 x 4 become their mean, and each feature gets mean 0 and
/// variance 1 over the training samples (but see samples.cpp for fields that are nearly always paper). Trains on
/// `train-*` and tests on `t10k-*`; with only one of them in the folder, on its first four fifths and its last. At most
/// 8,000 to train on and 2,000 to test, drawn by lot, so that the study takes the same time whatever is in the folder.
/// Throws std::runtime_error naming the folder where there is neither; nothing where the folder's name is empty.
std::optional<image_set> load_reduced_mnist(const std::string& folder);

/// As many of the images, drawn by lot, as another set has.
image_set as_many_as(const image_set& other, const image_set& from);

} // namespace study
