// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/transpose.hpp>
#include <fusegrad/run/run.hpp>
#include <fusegrad/run/team.hpp>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// A thread's part of the transposed copies of weights that the steps of a program read: what goes back to an image or
/// to the input of a layer, in training; without gradients the weights of transposed convolutions alone. Those that are
/// turned late are left out where `some_later`.
template <class T, class Program>
constexpr void transpose_weights(const Program& program, const T* packed, T* transposed, const member& who,
                                 bool some_later = false) noexcept {
  for (const parameter_place& p : program.parameters) {
    if (!p.needs_transpose || (some_later && is_turned_late<T>(p, who.size))) continue;
    const std::size_t columns = p.out / p.groups;
    // In whole panels where each thread will read its own.
    const std::size_t grain =
        is_kept_by_threads<T>(p.out, p.in, who.size) ? static_cast<std::size_t>(kernel::tiles_for<T>(p.in).wide) : 1;
    const auto strips = who.share(kernel::transpose_strips<T>(p.in, p.taps), grain);
    for (std::size_t group = 0; group < p.groups; ++group)
      kernel::transpose(packed + p.offset + group * packed_group_size<T>(p),
                        transposed + p.transposed_offset + group * transposed_group_size<T>(p), p.in, columns,
                        strips.begin, strips.end, p.taps);
  }
}

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
