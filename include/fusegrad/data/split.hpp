// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/data/dataset.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace fusegrad::data {

namespace detail {

/// An order of all samples by the seed, in which those of a class stand together where `labels` tell classes.
std::vector<std::uint32_t> dealing_order(std::size_t size, std::span<const std::int32_t> labels, std::uint64_t seed);

/// Which samples come first where each class is cut at the share, rounded; throws std::invalid_argument for a share
/// outside of [0, 1].
std::vector<bool> first_of_each_class(std::span<const std::uint32_t> order, std::span<const std::int32_t> labels,
                                      double share);

/// Which samples are in part `which` of `parts` where samples are dealt out in the order; throws std::invalid_argument
/// for a part that there is not, and for more parts than samples.
std::vector<bool> part_of(std::span<const std::uint32_t> order, std::size_t which, std::size_t parts);

[[noreturn]] void fail_without_labels();

/// Those samples that are in a part, and those that are not, in an order by the seed.
template <class T>
std::pair<dataset<T>, dataset<T>> split_by(const dataset<T>& samples, const std::vector<bool>& is_in,
                                           std::uint64_t seed) {
  std::vector<std::uint32_t> in, out;
  for (const std::uint32_t i : dealing_order(samples.size(), {}, seed)) (is_in[i] ? in : out).push_back(i);
  return {samples.subset(in), samples.subset(out)};
}

} // namespace detail

/// Two data sets as `dataset::split` makes them, but with the share of each class of the first output that the whole
/// has, rounded to the nearest number of its samples. Throws std::invalid_argument for samples without labels and for a
/// share outside of [0, 1].
template <class T>
std::pair<dataset<T>, dataset<T>> stratified_split(const dataset<T>& samples, double share_first, std::uint64_t seed) {
  if (!samples.has_labels()) detail::fail_without_labels();
  const auto order = detail::dealing_order(samples.size(), samples.labels(), seed);
  return detail::split_by(samples, detail::first_of_each_class(order, samples.labels(), share_first), seed);
}

/// For cross-validation: all samples but part `which` of `parts`, and that part. Each sample is in one part; these
/// depend on the seed alone and their sizes differ by one at most. Throws std::invalid_argument for a part that there
/// is not, for fewer than 2 parts and for more parts than samples.
template <class T>
std::pair<dataset<T>, dataset<T>> k_fold(const dataset<T>& samples, std::size_t which, std::size_t parts,
                                         std::uint64_t seed) {
  const auto order = detail::dealing_order(samples.size(), {}, seed);
  auto [test, train] = detail::split_by(samples, detail::part_of(order, which, parts), seed);
  return {std::move(train), std::move(test)};
}

/// The same with each class spread evenly over the parts. Throws as well for samples without labels.
template <class T>
std::pair<dataset<T>, dataset<T>> stratified_k_fold(const dataset<T>& samples, std::size_t which, std::size_t parts,
                                                    std::uint64_t seed) {
  if (!samples.has_labels()) detail::fail_without_labels();
  const auto order = detail::dealing_order(samples.size(), samples.labels(), seed);
  auto [test, train] = detail::split_by(samples, detail::part_of(order, which, parts), seed);
  return {std::move(train), std::move(test)};
}

} // namespace fusegrad::data
