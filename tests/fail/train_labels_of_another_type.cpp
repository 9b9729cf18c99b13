// SPDX-License-Identifier: MIT
// expect: fusegrad: class labels are std::int32_t numbers
#include <fusegrad/training.hpp>
#include <cstdint>
#include <vector>
namespace fg = fusegrad;
const std::vector<float> x(8);
#ifdef FUSEGRAD_FAIL
const std::vector<long> labels(2);
const auto samples = fg::labelled(x, 4, labels);
#else
const std::vector<std::int32_t> labels(2);
const auto samples = fg::labelled(x, 4, labels);
#endif
