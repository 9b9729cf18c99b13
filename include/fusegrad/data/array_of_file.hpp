// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/config.hpp>
#include <variant>
#include <vector>

namespace fusegrad::data {

/// What a file of numbers holds: an array of one of the given types, row-major, in the byte order of this machine. A
/// template, so that a file which reads none does not compile the variant.
template <class... Numbers> struct array_of_file {
  std::vector<std::size_t> shape;
  std::variant<std::vector<Numbers>...> values;

  friend bool operator==(const array_of_file&, const array_of_file&) = default;
};

} // namespace fusegrad::data
