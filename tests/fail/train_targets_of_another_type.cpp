// SPDX-License-Identifier: MIT
// expect: fusegrad: inputs and targets are of one type of numbers
#include <fusegrad/training.hpp>
#include <vector>
namespace fg = fusegrad;
const std::vector<float> x(8);
#ifdef FUSEGRAD_FAIL
const std::vector<double> y(2);
const auto samples = fg::with_targets(x, 4, y, 1);
#else
const std::vector<float> y(2);
const auto samples = fg::with_targets(x, 4, y, 1);
#endif
