// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/sort.hpp>
#include <fusegrad/inspect/report.hpp>
#include <fusegrad/math/exponential.hpp>
#include <fusegrad/train/samples.hpp>
#include <span>
#include <vector>

namespace fusegrad {

/// The grey images that a model reads wrongly, the surest mistakes first. `logits` are its outputs, as many for each
/// sample as there are classes.
template <sample_source Samples, class T>
std::vector<image_sample> find_misread(const Samples& samples, std::span<const T> logits, std::size_t width,
                                       std::size_t height) {
  const std::size_t classes = samples.size() == 0 ? 0 : logits.size() / samples.size();
  std::vector<image_sample> found;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const T* const row = logits.data() + i * classes;
    std::size_t read_as = 0;
    for (std::size_t k = 1; k < classes; ++k)
      if (row[k] > row[read_as]) read_as = k;
    const auto is = static_cast<std::size_t>(samples.label(i));
    if (read_as == is) continue;
    // The largest is taken out, so that nothing overflows.
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k)
      sum += math::exp(static_cast<double>(row[k]) - static_cast<double>(row[read_as]));
    const auto pixels = samples.input(i);
    found.push_back({{pixels.begin(), pixels.end()}, width, height, read_as, 1 / sum, is});
  }
  base::sort(found, [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
  return found;
}

} // namespace fusegrad
