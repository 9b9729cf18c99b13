// SPDX-License-Identifier: MIT
#pragma once

#include "timing.hpp"

#include <fusegrad/data/dataset.hpp>
#include <vector>

namespace study {

inline constexpr std::size_t step_batch = 64;

/// A whole training step of 64 | dense 128 | f | dense 128 | f | dense 10 on one thread: forward, backward and Adam for
/// a batch of 64. For the identity, ReLU and some others.
std::vector<timed_task> all_step_tasks(const fusegrad::data::dataset<float>& samples);

} // namespace study
