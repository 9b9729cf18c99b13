// SPDX-License-Identifier: MIT
// With containers that are looked after, which are no literal types: no constant function may have one.
#ifndef _GLIBCXX_DEBUG
#define _GLIBCXX_DEBUG
#endif
#include <fusegrad/train/parameter_rates.hpp>

#include <fusegrad/physics.hpp>
#include <fusegrad/training.hpp>

static_assert((fusegrad::input<4> | fusegrad::dense<8> | fusegrad::relu).output_shape() == fusegrad::shape<8>);
