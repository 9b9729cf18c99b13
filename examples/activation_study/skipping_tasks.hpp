// SPDX-License-Identifier: MIT
#pragma once

#include "timing.hpp"

#include <cstddef>
#include <cstdint>
#include <fusegrad/data/dataset.hpp>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace study {

/// One layer of so many inputs and as many units, on single samples.
struct skipping_case {
  std::size_t width;
  /// Two tasks: one that multiplies with zeros, one that skips them. Each call takes another sample, since the
  /// processor would learn where the zeros of a single one are.
  std::vector<timed_task> (*tasks)(double share_of_zeros, std::uint64_t seed);
};
std::span<const skipping_case> skipping_cases();

/// A trained net, on single samples: the same two tasks, and the shares of zeros after its two hidden layers.
struct trained_skipping {
  std::vector<timed_task> tasks;
  double zeros[2];
  double largest_difference = 0; ///< of an output, between the two
};
/// 64 | dense 512 | relu | dense 512 | relu | dense 10, trained on the samples.
trained_skipping trained_skipping_tasks(const fusegrad::data::dataset<float>& samples, std::size_t epochs);

} // namespace study
