// SPDX-License-Identifier: MIT
// expect: fusegrad: one sample of this model takes more memory than a stack should
// expect: needs<65536
#include <array>
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;
#ifdef FUSEGRAD_FAIL
constexpr std::size_t width = 20000;
#else
constexpr std::size_t width = 200;
#endif
constexpr auto model = fg::input<width> | fg::dense<width> | fg::dense<1>;
// A function's: a constant of the file is first tried as a constant expression, 40,000 random numbers long.
auto predicted(const std::array<float, width>& sample)
{
    const fg::inference net{fg::weights{model, 1}};
    return net(sample);
}
