// SPDX-License-Identifier: MIT
// expect: fusegrad: the compiler does not know how many numbers this has
// expect: needs<4
#include <fusegrad/layers.hpp>
#include <span>
#include <vector>
namespace fg = fusegrad;
constexpr auto model = fg::input<4> | fg::dense<1>;
const fg::inference net{fg::weights{model, 1}};
const std::vector<float> sample(4);
#ifdef FUSEGRAD_FAIL
const auto out = net(sample);
#else
const auto out = net(std::span<const float, 4>(sample));
#endif
