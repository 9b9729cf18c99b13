// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/kernel/window_pattern.hpp>

// The kernels of convolutions by name alone. Bindings know no more, so that who has no convolution need not read them:
// the layers that call for one include kernel/convolutions.hpp.
namespace fusegrad::kernel::inline FUSEGRAD_ABI {

template <class T, column_tiles Tiles, auto Table, auto Accesses, auto Patterns, pooling Pool = pooling{},
          bool KeepsPlace = false, std::size_t Columns = 0>
struct convolution;
template <class T, column_tiles Tiles, auto Table, auto Accesses, window_pattern P, pooling Pool, bool KeepsPlace>
struct winograd_convolution;
template <class T, auto Table, auto Accesses, window_pattern Pattern, pooling Pool, std::size_t Made = 0>
struct pooled_input_gradient;
template <class T, column_tiles Tiles, auto Table, auto Accesses, window_pattern Pattern, bool IsPart = false>
struct convolution_gradient;
template <class T, column_tiles Tiles, auto Table, auto Accesses, window_pattern P> struct winograd_gradient;
template <class T, column_tiles Tiles, auto Table, auto Accesses, window_pattern Pattern, pooling Pool,
          std::size_t Columns = 0>
struct pooled_weight_gradient;
template <class T, auto Table, auto Accesses, auto Patterns, std::size_t Groups, std::size_t GroupColumns>
struct grouped_convolution;
template <class T, auto Table, auto Accesses, window_pattern Pattern, std::size_t Groups, std::size_t GroupColumns>
struct grouped_convolution_gradient;
template <class T, auto Table, auto Accesses, auto Patterns> struct depthwise;
template <class T, auto Table, auto Accesses, window_pattern Pattern> struct depthwise_gradient;

template <class T>
constexpr bool suits_winograd(const window_pattern& p, const pooling& pool, std::size_t columns,
                              bool is_of_training) noexcept;
template <class T> constexpr std::size_t winograd_units(const window_pattern& p, std::size_t columns) noexcept;
template <class T> constexpr std::size_t convolution_units(const window_pattern& pattern, std::size_t columns) noexcept;
template <class T, window_pattern P, pooling Pool, std::size_t Columns = 0>
constexpr std::size_t pooled_units(std::size_t columns) noexcept;

/// Winograd's algorithm is for at least so many channels.
inline constexpr std::size_t fewest_winograd_channels = 16;

} // namespace fusegrad::kernel::inline FUSEGRAD_ABI
