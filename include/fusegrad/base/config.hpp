// SPDX-License-Identifier: MIT
#pragma once

// What a compiler has to be told before it reads anything else of the library. Every header includes this one, at least through those
// that it includes, so a wrong flag brings one error in words instead of thousands. The include that cannot be found ends the
// compilation: after #error alone compilers go on.
#if __cplusplus < 202002L
#error "fusegrad: this is C++20: compile with -std=c++20 or newer (CMake: target_compile_features(your_target PRIVATE cxx_std_20))"
#include <see the error above>
#endif

// Without NaN and infinity no check of a number holds, and sums that are re-ordered give other bits in each function they are inlined into.
// -ffp-contract=fast -fno-math-errno -fno-trapping-math are fine, and as fast.
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__) || defined(__ASSOCIATIVE_MATH__)
#error "fusegrad: -ffast-math, -Ofast, -ffinite-math-only and -fassociative-math break its checks and its promise of equal bits: compile files that include it without them"
#include <see the error above>
#endif
