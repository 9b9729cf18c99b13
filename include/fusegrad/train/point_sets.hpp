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

/// A set of points that is another one in each epoch: `draw(epoch)` gives its rows, epochs counted from 0. What does
/// not go by epochs, `trainer::evaluate` and `trainer::minimise`, takes those of epoch 0.
template <class Draw> class resampled_points {
public:
  using value_type = typename std::remove_cvref_t<std::invoke_result_t<const Draw&, std::uint64_t>>::value_type;

  explicit resampled_points(Draw draw) : draw_{std::move(draw)}, first_(draw_(0)) {}
  [[nodiscard]] std::vector<value_type> at_epoch(std::uint64_t epoch) const {
    return epoch == 0 ? first_ : std::vector<value_type>(draw_(epoch));
  }
  [[nodiscard]] auto begin() const noexcept { return first_.begin(); }
  [[nodiscard]] auto end() const noexcept { return first_.end(); }

private:
  Draw draw_;
  std::vector<value_type> first_;
};

/// Points that are drawn anew for each epoch: `resampled([&](auto epoch) { return domain.uniform(2000, epoch); })`.
template <class Draw> auto resampled(Draw draw) { return resampled_points<Draw>(std::move(draw)); }

namespace train {
template <class> inline constexpr bool is_resampled = false;
template <class Draw> inline constexpr bool is_resampled<resampled_points<Draw>> = true;

template <class Set> constexpr Set set_at_epoch(const Set& set, std::uint64_t) { return set; }
template <class Draw> auto set_at_epoch(const resampled_points<Draw>& set, std::uint64_t epoch) {
  return set.at_epoch(epoch);
}
} // namespace train

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

  /// The sets of an epoch, where one of them is resampled.
  [[nodiscard]] auto at_epoch(std::size_t epoch) const
    requires(train::is_resampled<Sets> || ...)
  {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return point_sets<decltype(train::set_at_epoch(hana::at_c<I>(sets_), epoch))...>(
          train::set_at_epoch(hana::at_c<I>(sets_), epoch)...);
    }(std::make_index_sequence<sizeof...(Sets)>{});
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
// Whoever owns numbers keeps them: a set is a view. Those that nobody owns after this line it keeps itself.
template <class T> constexpr std::span<const T> viewed(const std::vector<T>& rows) { return rows; }
template <class T> constexpr std::vector<T> viewed(const std::vector<T>&& rows) { return rows; }
template <class T, std::size_t N> constexpr std::span<const T> viewed(std::span<T, N> rows) { return rows; }
template <sample_source Samples> constexpr const Samples& viewed(const Samples& samples) { return samples; }
template <class Draw> const resampled_points<Draw>& viewed(const resampled_points<Draw>& points) { return points; }

template <class Set>
concept viewable_set = requires(const Set& set) { train::viewed(set); };
} // namespace train

/// A set of points for each loss of `physics`, in their order: vectors or spans with rows of the model's inputs,
/// `resampled` ones, or samples with targets. Vectors that have a name are viewed, not copied.
template <class First, class... More>
  requires(train::viewable_set<std::remove_cvref_t<First>> && (train::viewable_set<std::remove_cvref_t<More>> && ...) &&
           (!sample_source<std::remove_cvref_t<First>> || sizeof...(More) > 0))
constexpr auto points(First&& first, More&&... more) {
  return point_sets<std::remove_cvref_t<decltype(train::viewed(std::forward<First>(first)))>,
                    std::remove_cvref_t<decltype(train::viewed(std::forward<More>(more)))>...>(
      train::viewed(std::forward<First>(first)), train::viewed(std::forward<More>(more))...);
}

} // namespace fusegrad
