// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>

/// What the plan takes a machine to be. Only speed depends on it, but for the number of slices, which decides about
/// last bits: programs whose results must agree are compiled with the same numbers.
namespace fusegrad::execution::inline FUSEGRAD_ABI::machine {

/// Bytes of the cache that one core has for itself, the second level on most processors. Whoever compiles may say
/// otherwise: -DFUSEGRAD_CACHE_BYTES=2097152.
#ifdef FUSEGRAD_CACHE_BYTES
inline constexpr std::size_t cache_bytes = FUSEGRAD_CACHE_BYTES;
#else
inline constexpr std::size_t cache_bytes = 1024 * 1024;
#endif

/// How many bytes of rows a batch has at least for each byte of a gradient where `slices` become twice as many. The
/// first cut spares half of the traffic between cores, and costs little where the second gradient is added as it is
/// made; later ones spare less and less.
constexpr double rows_for_a_gradient(std::size_t slices) noexcept {
  return slices == 1 ? 1.25 : 8 * static_cast<double>(slices);
}

/// Rows that sums over samples are loaded and stored for, while they stay in the cache: with fewer that takes longer,
/// with more the rows themselves are read from further away.
inline constexpr std::size_t usual_rows = 128;
/// Half as many where those take more than this of the cache.
inline constexpr std::size_t bytes_of_usual_rows = cache_bytes / 4;

/// Floating-point operations that are worth a thread where the user leaves the choice: starting and waiting for one
/// costs as much as some hundred thousand, and on a busy machine much more.
inline constexpr double operations_for_a_thread = 2e6;
/// So many are worth a second one where each has a part of its own and needs nothing that the other makes.
inline constexpr double operations_for_two_independent = 1e6;
/// Floating-point operations that a slice has at least, but for the first two.
inline constexpr double operations_for_a_slice = 1e6;
/// So many of a batch are enough for the first two, where each has as many samples as this: in one block each of two
/// threads reads rows that the other has just written. With fewer samples sums over them are loaded and stored so often
/// that one thread takes a twentieth longer.
inline constexpr double operations_for_two_slices = 4e5;
inline constexpr std::size_t samples_for_two_slices = 64;

/// Floating-point operations of the steps that threads take between one beginning and the next, where each step has
/// fewer: some hundred times what beginning costs. They end sooner behind a step in which one may have lost its core.
inline constexpr double operations_together = 2e7;

/// Floating-point operations for each byte of a gradient between which its sums are stored and loaded again. A dense
/// layer has one or two for each sample, a convolution a hundred.
inline constexpr double operations_for_a_gradient_byte = 400;

/// Bytes of rows for each byte of a gradient between which its sums are stored and loaded again, at least: moving those
/// then counts for nothing.
inline constexpr std::size_t row_bytes_for_a_gradient_byte = 16;

/// Weights of so many bytes or more stay with the threads that update them: each computes its panels for all samples,
/// while smaller ones are read by all threads, each for its own samples.
inline constexpr std::size_t bytes_of_kept_weight = cache_bytes / 8;

/// A program with at most so many steps and bytes of weights is run directly, without a table. None is in a build that
/// is not optimised: it would gain nothing, and take the compiler longer than one that is.
#if defined(__OPTIMIZE__) && !defined(FUSEGRAD_UNOPTIMISED)
inline constexpr std::size_t direct_steps = 48;
#else
inline constexpr std::size_t direct_steps = 0;
#endif
inline constexpr std::size_t direct_weight_bytes = cache_bytes / 4;
/// Up to so many bytes of weights all steps of one that trains are one function for a single sample. Above a call for
/// each step is lost among what it computes.
inline constexpr std::size_t one_function_weight_bytes = cache_bytes / 32;

/// One with at most so many bytes of weights, none of which is wider than so many columns, keeps the values of a batch
/// by columns: rows that narrow are mostly padding, or so short that what surrounds a tile of them costs as much as it.
inline constexpr std::size_t columns_weight_bytes = 8 * 1024;
inline constexpr std::size_t columns_width = 32;

} // namespace fusegrad::execution::inline FUSEGRAD_ABI::machine
