// SPDX-License-Identifier: MIT
#pragma once

/// Every elementary function: one algorithm each for float, double and vectors of them, at run time and in constant
/// expressions.
///
/// Scalars and vectors give the same bits at run time. A constant expression has no fused multiply-add and may differ
/// in the last bit. The bounds in ulp hold for results that are normal numbers; the library's own coefficients are used
/// throughout because libm chooses variants by the processor it finds.
#include <fusegrad/math/basic.hpp>
#include <fusegrad/math/complementary_error_function.hpp>
#include <fusegrad/math/error_function.hpp>
#include <fusegrad/math/exponential.hpp>
#include <fusegrad/math/gamma.hpp>
#include <fusegrad/math/hyperbolic.hpp>
#include <fusegrad/math/inverse_hyperbolic.hpp>
#include <fusegrad/math/inverse_trigonometric.hpp>
#include <fusegrad/math/logarithm.hpp>
#include <fusegrad/math/other_bases.hpp>
#include <fusegrad/math/polygamma.hpp>
#include <fusegrad/math/power.hpp>
#include <fusegrad/math/remainder.hpp>
#include <fusegrad/math/roots.hpp>
#include <fusegrad/math/rounding.hpp>
#include <fusegrad/math/square_root.hpp>
#include <fusegrad/math/tangent.hpp>
#include <fusegrad/math/trigonometric.hpp>
