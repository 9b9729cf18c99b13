// SPDX-License-Identifier: MIT
// expect: the layer moves over a sequence of \[time\]\[channels\]
// expect: layer_needs_a_sequence<.*"conv1d".*position<0(UL)?>.*got<100(UL)?>.*begin_with_an_input_of_time_channels
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<100> | fg::conv1d<8, 5>;
#else
constexpr auto model = fg::input<100, 1> | fg::conv1d<8, 5>;
#endif
