// SPDX-License-Identifier: MIT
// expect: shape_mismatch<.*"dense".*position<0>.*got<28(UL)?, 28(UL)?>.*needs<784(UL)?>.*insert_flatten_before_it
#include <fusegrad/layers.hpp>
namespace fg = fusegrad;

#ifdef FUSEGRAD_FAIL
constexpr auto model = fg::input<28, 28> | fg::dense<32>;
#else
constexpr auto model = fg::input<28, 28> | fg::flatten | fg::dense<32>;
#endif
