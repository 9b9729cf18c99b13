// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/hana.hpp>
#include <fusegrad/train/samples.hpp>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad {

/// Several sets of points or samples, one for each loss of `physics`: rows of a model's inputs one after the other, or
/// any source of samples. A step takes all of them, so that to a fit they are one sample.
template <class... Sets> class point_sets {
public:
  static constexpr std::size_t count = sizeof...(Sets);

  constexpr explicit point_sets(const Sets&... sets) : sets_{sets...} {}

  /// Set number `Which` as samples of so many features.
  template <std::size_t Which> [[nodiscard]] constexpr auto set(std::size_t features) const {
    const auto& one = hana::at_c<Which>(sets_);
    if constexpr (sample_source<std::remove_cvref_t<decltype(one)>>)
      return one;
    else
      return sample_view<typename std::remove_cvref_t<decltype(one)>::value_type>(std::span(one), features);
  }

  // To a fit: one sample.
  [[nodiscard]] static constexpr std::size_t size() noexcept { return 1; }
  [[nodiscard]] static constexpr std::size_t features() noexcept { return 1; }
  [[nodiscard]] static constexpr std::span<const double> input(std::size_t) noexcept { return nothing; }
  [[nodiscard]] static constexpr bool has_labels() noexcept { return false; }
  [[nodiscard]] static constexpr std::int32_t label(std::size_t) noexcept { return 0; }
  [[nodiscard]] static constexpr std::span<const double> target(std::size_t) noexcept { return nothing; }
  [[nodiscard]] static constexpr std::size_t target_width() noexcept { return 0; }

private:
  static constexpr std::array<double, 1> nothing{};
  hana::tuple<Sets...> sets_;
};

namespace train {
// Whoever owns numbers keeps them: a set is a view.
template <class T> constexpr std::span<const T> viewed(const std::vector<T>& rows) { return rows; }
template <class T, std::size_t N> constexpr std::span<const T> viewed(std::span<T, N> rows) { return rows; }
template <sample_source Samples> constexpr const Samples& viewed(const Samples& samples) { return samples; }

template <class Set>
concept viewable_set = requires(const Set& set) { train::viewed(set); };
} // namespace train

/// A set of points for each loss of `physics`, in their order: vectors or spans with rows of the model's inputs, or
/// samples with targets. They are viewed, not copied.
template <train::viewable_set First, train::viewable_set... More>
  requires(!sample_source<First> || sizeof...(More) > 0)
constexpr auto points(const First& first, const More&... more) {
  return point_sets<std::remove_cvref_t<decltype(train::viewed(first))>,
                    std::remove_cvref_t<decltype(train::viewed(more))>...>(train::viewed(first),
                                                                           train::viewed(more)...);
}

} // namespace fusegrad
