// SPDX-License-Identifier: MIT
// expect: fusegrad: weights are those of a model that starts with input
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;
#ifdef FUSEGRAD_FAIL
const fg::weights weights{fg::dense<8> | fg::relu | fg::dense<1>, 1};
#else
const fg::weights weights{fg::input<4> | fg::dense<8> | fg::relu | fg::dense<1>, 1};
#endif
