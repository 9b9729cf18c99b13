// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/math/square_root.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <string>

namespace fusegrad {

/// The relative L2 error: the root of the sum of squared differences over that of the squares of `exact`, ranges of
/// numbers. Throws std::invalid_argument where there are not as many, or no number of `exact` differs from zero.
template <class Found, class Exact> double relative_error(const Found& found, const Exact& exact) {
  if (found.size() != exact.size())
    train::refuse_samples(std::to_string(found.size()) + " numbers were found, there are " +
                          std::to_string(exact.size()) + " exact ones.");
  double difference = 0, whole = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto of = static_cast<double>(exact[i]), by = static_cast<double>(found[i]) - of;
    difference += by * by;
    whole += of * of;
  }
  if (whole == 0) train::refuse_samples("there is no relative error beside a solution that is zero.");
  return math::sqrt(difference / whole);
}

} // namespace fusegrad
