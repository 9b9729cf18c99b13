// SPDX-License-Identifier: MIT
// expect: fusegrad: a sample is an array or span of as many numbers as the model has inputs
// expect: double, float
#include <fusegrad/layers.hpp>
#include <array>
namespace fg = fusegrad;
constexpr auto model = fg::input<4> | fg::dense<1>;
const fg::inference net{fg::weights{model, 1}};
#ifdef FUSEGRAD_FAIL
const auto out = net(std::array<double, 4>{});
#else
const auto out = net(std::array<float, 4>{});
#endif
