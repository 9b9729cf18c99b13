// SPDX-License-Identifier: MIT
// expect: fusegrad: a view of numbers that are gone at the end of the line
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/training.hpp>
#include <vector>
namespace fg = fusegrad;

void weigh(const fg::data::dataset<float>& set) {
  const std::vector<float> w(2);
#ifdef FUSEGRAD_FAIL
  const auto samples = fg::with_weights(set.first(2), w);
#else
  const auto two = set.first(2);
  const auto samples = fg::with_weights(two, w);
#endif
  static_cast<void>(samples);
}
