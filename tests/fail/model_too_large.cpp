// SPDX-License-Identifier: MIT
// expect: more numbers than places of 32 bits can tell apart
// expect: model_is_too_large<.*got<6000130000(UL)?>.*needs<4294967295(UL)?>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<100'000> | fg::dense<30'000> | fg::dense<100'000>;
#else
constexpr auto model = fg::input<10> | fg::dense<3> | fg::dense<10>;
#endif
const std::size_t count = fg::weights{model}.packed().size();
