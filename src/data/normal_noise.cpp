// SPDX-License-Identifier: MIT
#include "normal_noise.hpp"

#include <fusegrad/kernel/random_rows.hpp>
#include <fusegrad/math/logarithm.hpp>
#include <fusegrad/math/square_root.hpp>
#include <fusegrad/math/trigonometric.hpp>

#include <algorithm>

namespace fusegrad::data::detail {

namespace {

constexpr std::size_t group_size = kernel::detail::random_group, pairs = group_size / 2;

/// Two normal numbers of two uniform ones each. Source: Box, Muller, "A note on the generation of random normal
/// deviates", 1958.
void normal_group(float (&to)[group_size], const std::uint32_t (&words)[group_size]) noexcept {
  using vector = math::vector<float>;
  float uniforms[pairs], angles[pairs];
  for (std::size_t i = 0; i < pairs; ++i) {
    uniforms[i] = static_cast<float>(static_cast<std::int32_t>(words[i] >> 8) + 1) * 0x1p-24f; // never 0
    angles[i] = static_cast<float>(static_cast<std::int32_t>(words[pairs + i])) * (3.14159265f * 0x1p-31f);
  }
  for (std::size_t i = 0; i < pairs; i += vector::lanes) {
    const vector radius = math::sqrt(-2 * math::log(vector::load(uniforms + i)));
    const vector angle = vector::load(angles + i);
    (radius * math::cos(angle)).store(to + i);
    (radius * math::sin(angle)).store(to + pairs + i);
  }
}

} // namespace

template <class T>
void add_normal_noise(std::span<T> to, T deviation, base::philox_key key, std::uint32_t sample) noexcept {
  for (std::size_t first = 0; first < to.size(); first += group_size) {
    std::uint32_t words[group_size];
    float normals[group_size];
    kernel::detail::random_words(words, key, static_cast<std::uint32_t>(first / group_size), sample, 0);
    normal_group(normals, words);
    const std::size_t count = std::min(group_size, to.size() - first);
    for (std::size_t i = 0; i < count; ++i) to[first + i] += deviation * static_cast<T>(normals[i]);
  }
}

template void add_normal_noise(std::span<float>, float, base::philox_key, std::uint32_t) noexcept;
template void add_normal_noise(std::span<double>, double, base::philox_key, std::uint32_t) noexcept;

} // namespace fusegrad::data::detail
