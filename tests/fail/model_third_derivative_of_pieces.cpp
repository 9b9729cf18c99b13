// SPDX-License-Identifier: MIT
// expect: as the second of ReLU and the third of its square: use a smooth one
#include <fusegrad/physics.hpp>
namespace fg = fusegrad;

constexpr auto square = fg::activation([](auto x) { return max(x, 0) * max(x, 0); });
#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<2> | fg::dense<8> | square | fg::dense<1> | fg::derivatives(fg::by<0, 0, 0>);
#else
constexpr auto model = fg::input<2> | fg::dense<8> | square | fg::dense<1> | fg::derivatives(fg::by<0, 0>);
#endif
static_assert(model.plan().parameter_count() > 0);
