// SPDX-License-Identifier: MIT
#include <fusegrad/data/split.hpp>

#include <fusegrad/base/random.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace fusegrad::data::detail {

namespace {

[[noreturn]] void fail(const std::string& words) { throw std::invalid_argument("split: " + words); }

} // namespace

std::vector<std::uint32_t> dealing_order(std::size_t size, std::span<const std::int32_t> labels, std::uint64_t seed) {
  if (size > std::numeric_limits<std::uint32_t>::max())
    fail("expected fewer than 2^32 samples, found " + std::to_string(size));
  auto order = base::permutation(static_cast<std::uint32_t>(size), seed);
  if (labels.empty()) return order;
  // By class, and within one as drawn. Not stable_sort: Clang warns of what libstdc++ 12 does there.
  std::vector<std::uint32_t> drawn(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) drawn[order[i]] = i;
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return labels[a] != labels[b] ? labels[a] < labels[b] : drawn[a] < drawn[b];
  });
  return order;
}

std::vector<bool> first_of_each_class(std::span<const std::uint32_t> order, std::span<const std::int32_t> labels,
                                      double share) {
  if (!(share >= 0 && share <= 1))
    fail("expected a share from 0 to 1 for the first part, found " + std::to_string(share));
  std::vector<bool> is_first(order.size());
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && labels[order[end]] == labels[order[begin]]) ++end;
    const auto count = static_cast<std::size_t>(share * static_cast<double>(end - begin) + 0.5);
    for (std::size_t i = begin; i < begin + count; ++i) is_first[order[i]] = true;
  }
  return is_first;
}

std::vector<bool> part_of(std::span<const std::uint32_t> order, std::size_t which, std::size_t parts) {
  if (parts < 2 || parts > order.size())
    fail("expected 2 to " + std::to_string(order.size()) + " parts, one for each sample at most, found " +
         std::to_string(parts));
  if (which >= parts)
    fail("expected a part from 0 to " + std::to_string(parts - 1) + ", found " + std::to_string(which));
  std::vector<bool> is_in(order.size());
  for (std::size_t i = which; i < order.size(); i += parts) is_in[order[i]] = true;
  return is_in;
}

void fail_without_labels() { fail("expected class labels to divide evenly, found real targets"); }

} // namespace fusegrad::data::detail
