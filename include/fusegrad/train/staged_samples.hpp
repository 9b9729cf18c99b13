// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/run/team.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/sample_weights.hpp>
#include <fusegrad/train/samples.hpp>
#include <fusegrad/train/several_targets.hpp>
#include <span>
#include <type_traits>
#include <vector>

namespace fusegrad::train {

/// Whether what a source gives back as a row outlives the call that made it.
template <class Row>
inline constexpr bool outlives_its_call =
    std::is_lvalue_reference_v<Row> || std::ranges::enable_borrowed_range<std::remove_cvref_t<Row>>;

/// Whether threads may read a source's rows where they lie, as numbers of type T: these outlive the call, and nothing
/// is thrown.
template <class Samples, class T>
inline constexpr bool is_read_in_place = [] {
  if constexpr (requires(const Samples& s) {
                  { s.input(0).data() } -> std::convertible_to<const T*>;
                })
    return outlives_its_call<decltype(std::declval<const Samples&>().input(0))> &&
           outlives_its_call<decltype(std::declval<const Samples&>().target(0))> &&
           noexcept(std::declval<const Samples&>().input(0)) && noexcept(std::declval<const Samples&>().target(0)) &&
           noexcept(std::declval<const Samples&>().label(0)) && noexcept(std::declval<const Samples&>().has_labels());
  else
    return false;
}();

/// Whether a source writes rows of numbers of type T to where they are wanted, which threads may then ask for at once.
template <class Samples, class T>
concept writes_rows = requires(const Samples& s, std::size_t i, std::span<T> to) {
  { s.write_input(i, to) } noexcept;
  { s.write_target(i, to) } noexcept;
};

/// Some samples of a source, copied and converted: a source whose rows can be read in place, whatever the first one's
/// are like.
template <class T> class staged_samples {
public:
  /// Copies the samples named by `indices`; on all threads where the source writes its rows. What it throws reaches the
  /// caller.
  template <class Samples>
  void take(const Samples& from, std::span<const std::uint32_t> indices,
            [[maybe_unused]] const execution::team& team = execution::team{}) {
    features_ = from.features();
    has_labels_ = from.has_labels();
    target_width_ = has_labels_ ? 0 : from.target_width();
    inputs_.resize(indices.size() * features_);
    labels_.resize(has_labels_ ? indices.size() : 0);
    targets_.resize(indices.size() * target_width_);
    if (has_labels_)
      for (std::size_t k = 0; k < indices.size(); ++k) labels_[k] = from.label(indices[k]);
    if constexpr (writes_rows<Samples, T>)
      write_rows(from, indices, team);
    else
      copy_rows(from, indices);
    if constexpr (source_of_several<Samples>) copy_further_targets(from, indices);
    if constexpr (weighted_source<Samples>) {
      weights_.resize(indices.size());
      for (std::size_t k = 0; k < indices.size(); ++k) weights_[k] = static_cast<T>(from.weight(indices[k]));
    }
    while (order_.size() < indices.size()) order_.push_back(static_cast<std::uint32_t>(order_.size()));
    size_ = indices.size();
  }

  /// Names all of them, in their order.
  [[nodiscard]] std::span<const std::uint32_t> indices() const noexcept { return std::span(order_).first(size_); }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t features() const noexcept { return features_; }
  [[nodiscard]] std::span<const T> input(std::size_t i) const noexcept {
    return {inputs_.data() + i * features_, features_};
  }
  [[nodiscard]] bool has_labels() const noexcept { return has_labels_; }
  [[nodiscard]] std::int32_t label(std::size_t i) const noexcept { return labels_[i]; }
  [[nodiscard]] std::span<const T> target(std::size_t i) const noexcept {
    return {targets_.data() + i * target_width_, target_width_};
  }
  [[nodiscard]] std::size_t target_width() const noexcept { return target_width_; }
  /// The same as what is compiled for samples in memory anyway.
  template <bool OfSeveral, bool AreWeighted = false> [[nodiscard]] auto view() const {
    if constexpr (AreWeighted)
      return with_weights(view<OfSeveral>(), weights_);
    else
      return plain_view<OfSeveral>();
  }

private:
  template <bool OfSeveral> [[nodiscard]] auto plain_view() const {
    const sample_view<T> first = has_labels_
                                     ? sample_view<T>(inputs_, features_, std::span<const std::int32_t>(labels_))
                                     : sample_view<T>(inputs_, features_, std::span<const T>(targets_), target_width_);
    if constexpr (OfSeveral) {
      several_targets_view<T> all(first);
      for (const further& f : further_)
        all = f.width == 0 ? all.and_labels(f.labels) : all.and_targets(f.targets, f.width);
      return all;
    } else {
      return first;
    }
  }

  /// What is asked of one more output: labels where it has no width.
  struct further {
    std::vector<std::int32_t> labels;
    std::vector<T> targets;
    std::size_t width = 0;
  };

  template <class Samples> void copy_further_targets(const Samples& from, std::span<const std::uint32_t> indices) {
    further_.resize(from.output_count() - 1);
    for (std::size_t f = 0; f < further_.size(); ++f) {
      further& to = further_[f];
      to.width = from.has_labels(f + 1) ? 0 : from.target_width(f + 1);
      to.labels.resize(to.width == 0 ? indices.size() : 0);
      to.targets.resize(indices.size() * to.width);
      for (std::size_t k = 0; k < indices.size(); ++k)
        if (to.width == 0)
          to.labels[k] = from.label(indices[k], f + 1);
        else
          copy_row(from.target(indices[k], f + 1), to.width, to.targets.data() + k * to.width, "target", indices[k]);
    }
  }
  template <class Samples> void copy_rows(const Samples& from, std::span<const std::uint32_t> indices) {
    for (std::size_t k = 0; k < indices.size(); ++k) {
      copy_row(from.input(indices[k]), features_, inputs_.data() + k * features_, "input", indices[k]);
      if (!has_labels_)
        copy_row(from.target(indices[k]), target_width_, targets_.data() + k * target_width_, "target", indices[k]);
    }
  }
  template <class Samples>
  void write_rows(const Samples& from, std::span<const std::uint32_t> indices, const execution::team& team) {
    constexpr double operations_a_number = 16;
    const double operations = operations_a_number * static_cast<double>(inputs_.size());
    team.sized_for(operations).run([&](const execution::member& who) {
      const auto mine = who.share(indices.size());
      for (std::size_t k = mine.begin; k < mine.end; ++k) {
        from.write_input(indices[k], std::span(inputs_).subspan(k * features_, features_));
        if (!has_labels_) from.write_target(indices[k], std::span(targets_).subspan(k * target_width_, target_width_));
      }
    });
  }
  template <class Row>
  static void copy_row(const Row& row, std::size_t width, T* to, const char* what, std::size_t sample) {
    if constexpr (requires { row.size(); })
      if (row.size() < width)
        base::refuse("fusegrad: the %s of sample %zu has %zu numbers, %zu were announced.", what, sample,
                     static_cast<std::size_t>(row.size()), width);
    const auto* const numbers = row.data();
    for (std::size_t i = 0; i < width; ++i) to[i] = static_cast<T>(numbers[i]);
  }

  std::size_t size_ = 0, features_ = 0, target_width_ = 0;
  bool has_labels_ = false;
  std::vector<T> inputs_, targets_, weights_;
  std::vector<std::int32_t> labels_;
  std::vector<further> further_;
  std::vector<std::uint32_t> order_;
};

} // namespace fusegrad::train
