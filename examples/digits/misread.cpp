// SPDX-License-Identifier: MIT
#include "misread.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace digits {

namespace {

/// The probability of the largest logit: softmax, with the largest taken out so that nothing overflows.
double probability_of_largest(const float* logits, std::size_t classes, std::size_t largest) {
  double sum = 0;
  for (std::size_t k = 0; k < classes; ++k)
    sum += std::exp(static_cast<double>(logits[k]) - static_cast<double>(logits[largest]));
  return 1 / sum;
}

} // namespace

std::vector<fusegrad::image_sample> find_misread(const fusegrad::data::dataset<float>& samples,
                                                 const std::vector<float>& logits) {
  const std::size_t classes = samples.class_count();
  const auto side = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(samples.features()))));
  std::vector<fusegrad::image_sample> found;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const float* row = logits.data() + i * classes;
    const auto read_as = static_cast<std::size_t>(std::max_element(row, row + classes) - row);
    const auto is = static_cast<std::size_t>(samples.label(i));
    if (read_as == is) continue;
    const auto pixels = samples.input(i);
    found.push_back(
        {{pixels.begin(), pixels.end()}, side, side, read_as, probability_of_largest(row, classes, read_as), is});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.confidence > b.confidence; });
  return found;
}

} // namespace digits
