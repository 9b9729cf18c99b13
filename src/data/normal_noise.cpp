// SPDX-License-Identifier: MIT
#include "normal_noise.hpp"

#include <fusegrad/math/logarithm.hpp>
#include <fusegrad/math/square_root.hpp>

#include <algorithm>

namespace fusegrad::data::detail {

namespace {

constexpr std::size_t blocks = 16, pairs = 2 * blocks, group_size = 2 * pairs;

/// What pairs of normal numbers are made of.
struct uniform_group {
  float radii[pairs];  ///< in (0, 1]
  float angles[pairs]; ///< within an eighth of a turn of 0
  float sides[pairs];  ///< -1 or 1
  float swaps[pairs];  ///< 0 or 1
};

/// Philox4x32-7, block by block: the compiler has several of them under way at once.
void draw(uniform_group& to, base::philox_key key, std::uint32_t group, std::uint32_t sample) noexcept {
  const auto number = [](std::uint32_t word) { return static_cast<float>(static_cast<std::int32_t>(word)); };
  std::uint32_t first[pairs], second[pairs];
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto words =
        base::philox<7>({group * std::uint32_t{blocks} + static_cast<std::uint32_t>(b), sample, 0, 0}, key);
    first[b] = words[0];
    first[blocks + b] = words[1];
    second[b] = words[2];
    second[blocks + b] = words[3];
  }
  for (std::size_t i = 0; i < pairs; ++i) {
    to.radii[i] = number((first[i] >> 8) + 1) * 0x1p-24f;
    to.sides[i] = number(first[i] & 2) - 1;
    to.swaps[i] = number(first[i] & 1);
    to.angles[i] = number(second[i]) * (3.14159265f * 0x1p-33f);
  }
}

/// Sine for at most an eighth of a turn, to 2^-27.
math::vector<float> short_sine(math::vector<float> x) noexcept {
  const auto square = x * x;
  const auto tail = ((square * (1.0f / 362880) - 1.0f / 5040) * square + 1.0f / 120) * square - 1.0f / 6;
  return x + x * (square * tail);
}

/// Two normal numbers of two uniform ones each: a radius and a direction. Source: Box, Muller, "A note on the
/// generation of random normal deviates", 1958.
void normal_group(float (&to)[group_size], const uniform_group& from) noexcept {
  using vector = math::vector<float>;
  for (std::size_t i = 0; i < pairs; i += vector::lanes) {
    const vector radius = math::sqrt(-2 * math::log(vector::load(from.radii + i)));
    const vector sine = short_sine(vector::load(from.angles + i));
    // A quarter of all directions; the other three are its reflections.
    const vector cosine = math::sqrt(1 - sine * sine) * vector::load(from.sides + i);
    const auto is_swapped = vector::load(from.swaps + i) > 0.5f;
    (radius * select(is_swapped, sine, cosine)).store(to + i);
    (radius * select(is_swapped, cosine, sine)).store(to + pairs + i);
  }
}

} // namespace

template <class T>
void add_normal_noise(std::span<T> to, T deviation, base::philox_key key, std::uint32_t sample) noexcept {
  for (std::size_t first = 0; first < to.size(); first += group_size) {
    uniform_group uniforms;
    float normals[group_size];
    draw(uniforms, key, static_cast<std::uint32_t>(first / group_size), sample);
    normal_group(normals, uniforms);
    const std::size_t count = std::min(group_size, to.size() - first);
    for (std::size_t i = 0; i < count; ++i) to[first + i] += deviation * static_cast<T>(normals[i]);
  }
}

template void add_normal_noise(std::span<float>, float, base::philox_key, std::uint32_t) noexcept;
template void add_normal_noise(std::span<double>, double, base::philox_key, std::uint32_t) noexcept;

} // namespace fusegrad::data::detail
