// SPDX-License-Identifier: MIT
// expect: fusegrad: a view of numbers that are gone at the end of the line
#include <fusegrad/training.hpp>
#include <vector>
namespace fg = fusegrad;
#ifdef FUSEGRAD_FAIL
const auto samples = fg::with_targets(std::vector<float>(8), 4, std::vector<float>(2), 1);
#else
const std::vector<float> x(8), y(2);
const auto samples = fg::with_targets(x, 4, y, 1);
#endif
