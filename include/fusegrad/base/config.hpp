// SPDX-License-Identifier: MIT
#pragma once

// What a compiler has to be told before it reads anything else of the library. Every header includes this one, at least
// through those that it includes, so a wrong flag brings one error in words instead of thousands. The include that
// cannot be found ends the compilation: after #error alone compilers go on.
#if __cplusplus < 202002L
#error                                                                                                                 \
    "fusegrad: this is C++20: compile with -std=c++20 or newer (CMake: target_compile_features(your_target PRIVATE cxx_std_20))"
#include <see the error above>
#endif

// Without NaN and infinity no check of a number holds, and sums that are re-ordered give other bits in each function
// they are inlined into. -ffp-contract=fast -fno-math-errno -fno-trapping-math are fine, and as fast.
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__) || defined(__ASSOCIATIVE_MATH__)
#error                                                                                                                 \
    "fusegrad: -ffast-math, -Ofast, -ffinite-math-only and -fassociative-math break its checks and its promise of equal bits: compile files that include it without them"
#include <see the error above>
#endif

// Two units of a program may be compiled for different machines, with and without OpenMP or optimisation, or with
// another FUSEGRAD_CACHE_BYTES: numbers then lie in another order, and one name would stand for two layouts. So
// whatever depends on that is in an inline namespace named for it, and the linker tells the two apart.
#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define FUSEGRAD_ISA avx512
#elif defined(__AVX512F__)
#define FUSEGRAD_ISA avx512f
#elif defined(__AVX2__) && defined(__FMA__)
#define FUSEGRAD_ISA avx2
#elif defined(__AVX2__)
#define FUSEGRAD_ISA avx2_without_fma
#elif defined(__SSE2__) && defined(__FMA__)
#define FUSEGRAD_ISA sse2_fma
#elif defined(__SSE2__)
#define FUSEGRAD_ISA sse2
#elif defined(__ARM_NEON) && defined(__aarch64__)
#define FUSEGRAD_ISA neon
#elif defined(__ARM_NEON)
#define FUSEGRAD_ISA neon32
#else
#define FUSEGRAD_ISA generic
#endif
#define FUSEGRAD_JOINED(a, b) a##_##b
#define FUSEGRAD_JOIN(a, b) FUSEGRAD_JOINED(a, b)
#if defined(_OPENMP)
#define FUSEGRAD_THREADS FUSEGRAD_JOIN(FUSEGRAD_ISA, openmp)
#else
#define FUSEGRAD_THREADS FUSEGRAD_ISA
#endif
#if defined(FUSEGRAD_CACHE_BYTES)
#define FUSEGRAD_SIZED FUSEGRAD_JOIN(FUSEGRAD_THREADS, FUSEGRAD_CACHE_BYTES)
#else
#define FUSEGRAD_SIZED FUSEGRAD_THREADS
#endif
// Compilers do not tell -Og from -O2: whoever wants a quick build of it says -DFUSEGRAD_UNOPTIMISED.
//
// FUSEGRAD_INLINE is for what a kernel is made of, which has to become part of it whatever the compiler thinks of its
// size. Where nothing is optimised it stays a function: as often as it is called, its copies would cost the compiler
// more than all else.
#if defined(__OPTIMIZE__) && !defined(FUSEGRAD_UNOPTIMISED)
#define FUSEGRAD_ABI FUSEGRAD_SIZED
#define FUSEGRAD_INLINE __attribute__((always_inline))
#else
#define FUSEGRAD_ABI FUSEGRAD_JOIN(FUSEGRAD_SIZED, unoptimised)
#define FUSEGRAD_INLINE
#endif
