// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>

/// What every system that is compared must share. Nothing here includes fusegrad: the peers use it too.
namespace benchmarks {

/// A number for a place in a stream; the same in every language that has unsigned 64-bit numbers which wrap around.
constexpr std::uint64_t hash(std::uint64_t stream, std::uint64_t i) noexcept {
  std::uint64_t z = (stream * 0x9E3779B97F4A7C15u + i + 1) * 0xBF58476D1CE4E5B9u;
  z ^= z >> 31;
  z *= 0x94D049BB133111EBu;
  z ^= z >> 29;
  return z;
}

/// A number from [0, 1), of 24 bits: exact in float.
constexpr double unit(std::uint64_t stream, std::uint64_t i) noexcept {
  return static_cast<double>(hash(stream, i) >> 40) / 16777216.0;
}

/// The same from [-1, 1).
constexpr double signed_unit(std::uint64_t stream, std::uint64_t i) noexcept { return 2 * unit(stream, i) - 1; }

/// Element `i` (row-major, [out][in]) of the weights of a layer; `gain` belongs to the activation that follows.
inline float weight(std::size_t layer, std::size_t i, std::size_t in, double gain) noexcept {
  return static_cast<float>(signed_unit(100 + 2 * layer, i) * gain * std::sqrt(3.0 / static_cast<double>(in)));
}

/// Element `o` of the bias of a layer.
constexpr float bias(std::size_t layer, std::size_t o) noexcept {
  return static_cast<float>(signed_unit(101 + 2 * layer, o) * 0.1);
}

/// Element `i` (row-major, [sample][feature]) of the inputs.
constexpr float input(std::size_t i) noexcept { return static_cast<float>(signed_unit(1, i)); }

/// The class of a sample.
constexpr std::int32_t label(std::size_t sample, std::size_t classes) noexcept {
  return static_cast<std::int32_t>(hash(2, sample) % classes);
}

/// Element `i` (row-major, [sample][output]) of the targets.
constexpr float target(std::size_t i) noexcept { return static_cast<float>(signed_unit(3, i)); }

} // namespace benchmarks
