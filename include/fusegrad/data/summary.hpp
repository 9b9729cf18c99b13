// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>

#include <string>

namespace fusegrad::data {

/// Samples in words: how many there are; of each feature and each target the smallest, the mean, the deviation and the
/// largest (of the first 40), and which are always the same; of each class how many samples it has, and what is right
/// about who always says the most frequent one. Instantiated for float and double.
template <class T> std::string summary(const dataset<T>& samples);

} // namespace fusegrad::data
