// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/hash_of_names.hpp>
#include <fusegrad/base/random.hpp>
#include <fusegrad/base/refuse.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad::data {

/// Samples in memory: row-major inputs, size() x features(), with either a class label or real targets for each; and
/// more of those where a model has several outputs.
///
/// A value: every method that changes something returns a new data set. Wrong arguments throw
/// std::invalid_argument; access by index is unchecked and noexcept.
template <std::floating_point T = float> class dataset {
public:
  using number_type = T;

  /// No samples at all: a place to assign to.
  dataset() = default;

  /// Inputs with one class label a sample, each in [0, classes).
  static dataset from_labels(std::vector<T> inputs, std::size_t features, std::vector<std::int32_t> labels,
                             std::size_t classes) {
    require_rows(inputs.size(), features, labels.size(), "labels");
    if (classes == 0) fail("expected at least one class, found 0");
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] >= 0 && static_cast<std::size_t>(labels[i]) < classes) continue;
      base::refuse("data set: expected labels from 0 to %zu, found %d at sample %zu", classes - 1, labels[i], i);
    }
    dataset result;
    result.size_ = labels.size();
    result.features_ = features;
    result.first_.classes = classes;
    result.inputs_ = std::move(inputs);
    result.first_.labels = std::move(labels);
    return result;
  }

  /// The same from memory that somebody else owns; copies.
  static dataset from_labels(std::span<const T> inputs, std::size_t features, std::span<const std::int32_t> labels,
                             std::size_t classes) {
    return from_labels(std::vector<T>(inputs.begin(), inputs.end()), features,
                       std::vector<std::int32_t>(labels.begin(), labels.end()), classes);
  }

  /// Inputs with `target_width` real targets a sample, row-major.
  static dataset from_targets(std::vector<T> inputs, std::size_t features, std::vector<T> targets,
                              std::size_t target_width) {
    if (target_width == 0) fail("expected at least one target a sample, found a target width of 0");
    if (targets.size() % target_width != 0) {
      base::refuse("data set: expected a whole number of rows of %zu targets, found %zu numbers", target_width,
                   targets.size());
    }
    require_rows(inputs.size(), features, targets.size() / target_width, "rows of targets");
    dataset result;
    result.size_ = targets.size() / target_width;
    result.features_ = features;
    result.first_.width = target_width;
    result.inputs_ = std::move(inputs);
    result.first_.targets = std::move(targets);
    return result;
  }

  /// The same from memory that somebody else owns; copies.
  static dataset from_targets(std::span<const T> inputs, std::size_t features, std::span<const T> targets,
                              std::size_t target_width) {
    return from_targets(std::vector<T>(inputs.begin(), inputs.end()), features,
                        std::vector<T>(targets.begin(), targets.end()), target_width);
  }

  /// The same samples, of which a further output of a model is asked for: `and_labels` a class each, in [0, classes),
  /// `and_targets` a row of real targets each. A loss on several outputs reads them in this order.
  dataset and_labels(std::vector<std::int32_t> labels, std::size_t classes) const {
    return and_those_of(from_labels(inputs_, features_, std::move(labels), classes));
  }
  dataset and_targets(std::vector<T> targets, std::size_t target_width) const {
    return and_those_of(from_targets(inputs_, features_, std::move(targets), target_width));
  }

  /// What the inputs, the classes and the targets of the first output are called, for messages and tables; none where
  /// nobody said. Two data sets with the same numbers are equal whatever these are called.
  const std::vector<std::string>& feature_names() const noexcept { return names_.features; }
  /// `base::hash_of_names` of them, which a step compares with that of its model.
  std::uint64_t feature_names_hash() const noexcept { return names_.hash_of_features; }
  const std::vector<std::string>& class_names() const noexcept { return names_.classes; }
  const std::vector<std::string>& target_names() const noexcept { return names_.targets; }

  /// The same samples with names: as many as there are inputs, classes or targets, or none.
  dataset with_feature_names(std::vector<std::string> names) && {
    return std::move(*this).named(&column_names::features, std::move(names), features_, "features");
  }
  dataset with_class_names(std::vector<std::string> names) && {
    return std::move(*this).named(&column_names::classes, std::move(names), class_count(), "classes");
  }
  dataset with_target_names(std::vector<std::string> names) && {
    return std::move(*this).named(&column_names::targets, std::move(names), target_width(), "targets");
  }
  dataset with_feature_names(std::vector<std::string> names) const& {
    return dataset(*this).with_feature_names(std::move(names));
  }
  dataset with_class_names(std::vector<std::string> names) const& {
    return dataset(*this).with_class_names(std::move(names));
  }
  dataset with_target_names(std::vector<std::string> names) const& {
    return dataset(*this).with_target_names(std::move(names));
  }

  /// How many outputs are asked for. What is asked of the first is read without a number.
  std::size_t output_count() const noexcept { return 1 + further_.size(); }
  bool has_labels(std::size_t output) const noexcept { return asked(output).classes != 0; }
  std::size_t class_count(std::size_t output) const noexcept { return asked(output).classes; }
  std::int32_t label(std::size_t i, std::size_t output) const noexcept { return asked(output).labels[i]; }
  std::size_t target_width(std::size_t output) const noexcept { return asked(output).width; }
  std::span<const T> target(std::size_t i, std::size_t output) const noexcept {
    return {asked(output).targets.data() + i * asked(output).width, asked(output).width};
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::size_t features() const noexcept { return features_; }

  /// The inputs of sample `i`, features() numbers.
  std::span<const T> input(std::size_t i) const noexcept { return {inputs_.data() + i * features_, features_}; }

  /// All inputs, size() x features(), row-major.
  std::span<const T> inputs() const noexcept { return inputs_; }

  bool has_labels() const noexcept { return first_.classes != 0; }

  /// How many classes there are; 0 if the samples have real targets.
  std::size_t class_count() const noexcept { return first_.classes; }

  /// The class of sample `i`; only if has_labels().
  std::int32_t label(std::size_t i) const noexcept { return first_.labels[i]; }

  /// The classes of all samples; empty if they have real targets.
  std::span<const std::int32_t> labels() const noexcept { return first_.labels; }

  /// Real targets a sample; 0 if the samples have labels.
  std::size_t target_width() const noexcept { return first_.width; }

  /// The targets of sample `i`, target_width() numbers.
  std::span<const T> target(std::size_t i) const noexcept {
    return {first_.targets.data() + i * first_.width, first_.width};
  }

  /// All targets, size() x target_width(), row-major; empty if the samples have labels.
  std::span<const T> targets() const noexcept { return first_.targets; }

  /// The samples with these indices, in this order; an index may come more than once.
  template <std::unsigned_integral Index> dataset subset(std::span<const Index> indices) const {
    for (const Index index : indices)
      if (index >= size_)
        base::refuse("data set: expected indices below the %zu samples there are, found %zu", size_,
                     static_cast<std::size_t>(index));
    dataset result = without_samples();
    result.size_ = indices.size();
    result.inputs_.reserve(indices.size() * features_);
    for (const Index index : indices) append(result.inputs_, input(index));
    result.change_each(*this, [&](asked_of_output& to, const asked_of_output& from) {
      to.targets.reserve(indices.size() * from.width);
      for (const Index index : indices)
        append(to.targets, std::span<const T>(from.targets).subspan(index * from.width, from.width));
      if (from.classes == 0) return;
      to.labels.reserve(indices.size());
      for (const Index index : indices) to.labels.push_back(from.labels[index]);
    });
    return result;
  }
  template <std::unsigned_integral Index> dataset subset(const std::vector<Index>& indices) const {
    return subset(std::span<const Index>(indices));
  }

  /// The first `n` samples.
  dataset first(std::size_t n) const { return range(0, n, n); }

  /// The last `n` samples.
  dataset last(std::size_t n) const { return range(n > size_ ? 0 : size_ - n, size_, n); }

  /// The samples in an order that depends on the seed and their number alone, the same on every platform.
  dataset shuffled(std::uint64_t seed) const { return subset(order(seed)); }

  /// Two data sets of shuffled samples, the first with the given share of them (rounded to the nearest
  /// number).
  std::pair<dataset, dataset> split(double share_first, std::uint64_t seed) const {
    if (!(share_first >= 0 && share_first <= 1)) {
      base::refuse("data set: expected a share from 0 to 1 for the first part of a split, found %f", share_first);
    }
    const auto indices = order(seed);
    const auto cut = static_cast<std::size_t>(share_first * static_cast<double>(size_) + 0.5);
    const std::span<const std::uint32_t> all(indices);
    return {subset(all.first(cut)), subset(all.subspan(cut))};
  }

  /// Labels turned into targets of width class_count(): 1 at the label, 0 elsewhere.
  dataset one_hot() const {
    if (!has_labels()) fail("expected class labels to encode as one-hot targets, found real targets");
    const std::size_t classes = class_count();
    std::vector<T> targets;
    if (size_ > targets.max_size() / classes) {
      base::refuse("data set: expected a number of classes whose one-hot targets fit into memory, found %zu", classes);
    }
    targets.resize(size_ * classes);
    for (std::size_t i = 0; i < size_; ++i) targets[i * classes + static_cast<std::size_t>(label(i))] = T{1};
    dataset result = *this;
    result.first_ = {0, classes, {}, std::move(targets)};
    result.names_.targets = std::exchange(result.names_.classes, {});
    return result;
  }

  /// The same samples with every input multiplied by `factor`, which is finite.
  dataset scaled(T factor) const {
    if (!base::is_finite(factor))
      base::refuse("data set: expected a finite factor to scale by, found %f", static_cast<double>(factor));
    dataset result = *this;
    for (T& value : result.inputs_) value *= factor;
    return result;
  }

  /// The same samples with other inputs, for transformations that keep the number of samples.
  dataset with_inputs(std::vector<T> inputs, std::size_t features) const {
    require_rows(inputs.size(), features, size_, "samples");
    dataset result = *this;
    result.inputs_ = std::move(inputs);
    if (features != features_) result = std::move(result).with_feature_names({});
    result.features_ = features;
    return result;
  }

  /// The same samples with other real targets of the first output, for transformations that keep their width.
  dataset with_targets(std::vector<T> targets) const {
    if (has_labels() || targets.size() != first_.targets.size()) {
      base::refuse("data set: expected %zu numbers to take the place of the targets, found %zu", first_.targets.size(),
                   targets.size());
    }
    dataset result = *this;
    result.first_.targets = std::move(targets);
    return result;
  }

  /// The same samples in another number type, which must be able to hold them: finite numbers stay finite.
  template <std::floating_point U> dataset<U> to() const {
    dataset<U> result;
    result.size_ = size_;
    result.features_ = features_;
    result.inputs_ = converted<U>(inputs_, features_);
    const auto convert = [](const asked_of_output& from) {
      return typename dataset<U>::asked_of_output{from.classes, from.width, from.labels,
                                                  converted<U>(from.targets, from.width)};
    };
    result.first_ = convert(first_);
    for (const asked_of_output& from : further_) result.further_.push_back(convert(from));
    result.names_ = {names_.features, names_.classes, names_.targets, names_.hash_of_features};
    return result;
  }

  friend bool operator==(const dataset& a, const dataset& b) {
    return a.size_ == b.size_ && a.features_ == b.features_ && a.inputs_ == b.inputs_ && a.first_ == b.first_ &&
           a.further_ == b.further_;
  }

private:
  template <std::floating_point> friend class dataset;

  /// Labels in [0, classes), or rows of targets where there are no classes.
  struct asked_of_output {
    std::size_t classes = 0;
    std::size_t width = 0;
    std::vector<std::int32_t> labels;
    std::vector<T> targets;

    friend bool operator==(const asked_of_output&, const asked_of_output&) = default;
  };

  struct column_names {
    std::vector<std::string> features, classes, targets;
    std::uint64_t hash_of_features = 0;
  };

  dataset named(std::vector<std::string> column_names::* which, std::vector<std::string> names, std::size_t count,
                const char* what) && {
    if (!names.empty() && names.size() != count) {
      base::refuse("data set: expected names for the %zu %s, found %zu", count, what, names.size());
    }
    names_.*which = std::move(names);
    names_.hash_of_features = base::hash_of_names(names_.features);
    return std::move(*this);
  }

  [[noreturn]] static void fail(const char* words) { base::refuse("data set: %s", words); }

  static void require_rows(std::size_t numbers, std::size_t features, std::size_t rows, const char* what) {
    if (features == 0) fail("expected at least one feature, found 0");
    if (numbers % features == 0 && numbers / features == rows) return;
    base::refuse("data set: expected as many rows of %zu inputs as %s (%zu), found %zu input numbers", features, what,
                 rows, numbers);
  }

  template <class U> static std::vector<U> converted(std::span<const T> numbers, std::size_t width) {
    std::vector<U> result(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      result[i] = static_cast<U>(numbers[i]);
      if (base::is_finite(result[i]) || !base::is_finite(numbers[i])) continue;
      base::refuse("data set: expected numbers that the other number type can hold, found %f at sample %zu",
                   static_cast<double>(numbers[i]), i / width);
    }
    return result;
  }

  static void append(std::vector<T>& to, std::span<const T> from) { to.insert(to.end(), from.begin(), from.end()); }

  std::vector<std::uint32_t> order(std::uint64_t seed) const {
    if (size_ > std::numeric_limits<std::uint32_t>::max()) {
      base::refuse("data set: expected fewer than 2^32 samples to shuffle, found %zu", size_);
    }
    return base::permutation(static_cast<std::uint32_t>(size_), seed);
  }

  dataset without_samples() const {
    dataset result;
    result.features_ = features_;
    result.names_ = names_;
    result.further_.resize(further_.size());
    result.change_each(*this, [](asked_of_output& to, const asked_of_output& from) {
      to.classes = from.classes;
      to.width = from.width;
    });
    return result;
  }

  dataset range(std::size_t begin, std::size_t end, std::size_t asked) const {
    if (asked > size_) {
      base::refuse("data set: expected at most the %zu samples there are, found a request for %zu", size_, asked);
    }
    std::vector<std::size_t> indices(end - begin);
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = begin + i;
    return subset(indices);
  }

  const asked_of_output& asked(std::size_t output) const noexcept {
    return output == 0 ? first_ : further_[output - 1];
  }
  template <class Change> void change_each(const dataset& from, Change change) {
    change(first_, from.first_);
    for (std::size_t k = 0; k < further_.size(); ++k) change(further_[k], from.further_[k]);
  }
  dataset and_those_of(dataset&& other) const {
    if (size_ == 0) fail("expected samples to ask for one more output of, found none");
    dataset result = *this;
    result.further_.push_back(std::move(other.first_));
    return result;
  }

  std::size_t size_ = 0;
  std::size_t features_ = 0;
  std::vector<T> inputs_;
  asked_of_output first_;
  std::vector<asked_of_output> further_;
  column_names names_;
};

} // namespace fusegrad::data
