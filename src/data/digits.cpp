// SPDX-License-Identifier: MIT
#include <fusegrad/data/digits.hpp>

#include "digits_table.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace fusegrad::data {

namespace {

/// 0 to 16 from one character of the table.
int decode(char code) noexcept { return code <= '9' ? code - '0' : code - 'a' + 10; }

} // namespace

dataset<float> digits() {
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  inputs.reserve(detail::digits_count * detail::digits_features);
  labels.reserve(detail::digits_count);
  for (const auto& row : detail::digits_table) {
    for (std::size_t pixel = 0; pixel < detail::digits_features; ++pixel) {
      inputs.push_back(static_cast<float>(decode(row[pixel])) / 16.0f);
    }
    labels.push_back(decode(row[detail::digits_features]));
  }
  return dataset<float>::from_labels(std::move(inputs), detail::digits_features, std::move(labels), 10);
}

} // namespace fusegrad::data
