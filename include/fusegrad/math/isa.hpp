// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <string_view>

/// What the compiler may use on the target; together with intrinsics.hpp the only place that asks the preprocessor.
namespace fusegrad::math::inline FUSEGRAD_ABI {

#if defined(__AVX512F__)
/// Bytes of the widest vector register.
inline constexpr int vector_bytes = 64;
/// Number of vector registers an inner loop may occupy.
inline constexpr int register_count = 32;
/// Name of the instruction set, as a report prints it.
inline constexpr std::string_view isa_name = "avx512";
#elif defined(__AVX2__)
inline constexpr int vector_bytes = 32;
inline constexpr int register_count = 16;
inline constexpr std::string_view isa_name = "avx2";
#elif defined(__SSE2__)
inline constexpr int vector_bytes = 16;
inline constexpr int register_count = 16;
inline constexpr std::string_view isa_name = "sse2";
#elif defined(__ARM_NEON) && defined(__aarch64__)
inline constexpr int vector_bytes = 16;
inline constexpr int register_count = 32;
inline constexpr std::string_view isa_name = "neon";
#elif defined(__ARM_NEON)
inline constexpr int vector_bytes = 16;
inline constexpr int register_count = 16;
inline constexpr std::string_view isa_name = "neon32";
#else
inline constexpr int vector_bytes = 16;
inline constexpr int register_count = 16;
inline constexpr std::string_view isa_name = "generic";
#endif

#if defined(__FMA__) || defined(__AVX512F__) || defined(__aarch64__) || defined(__ARM_FEATURE_FMA)
/// True if one instruction computes a * b + c with a single rounding.
inline constexpr bool has_fma = true;
#else
inline constexpr bool has_fma = false;
#endif

} // namespace fusegrad::math::inline FUSEGRAD_ABI
