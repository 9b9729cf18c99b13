// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>
#include <fusegrad/inspect/report.hpp>
#include <vector>

namespace digits {

/// The samples that a model reads wrongly, the surest mistakes first; `logits` are its outputs, ten for each
/// sample.
std::vector<fusegrad::image_sample> find_misread(const fusegrad::data::dataset<float>& samples,
                                                 const std::vector<float>& logits);

} // namespace digits
