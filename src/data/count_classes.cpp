// SPDX-License-Identifier: MIT
#include "count_classes.hpp"

#include <fusegrad/data/file_error.hpp>

#include <algorithm>
#include <string>

namespace fusegrad::data::detail {

std::size_t count_classes(std::span<const std::int32_t> labels, std::size_t given, std::string_view option,
                          std::string_view file) {
  constexpr std::size_t always_believed = 1000;
  const std::size_t limit = given > 0 ? given : std::max(always_believed, labels.size());
  std::size_t classes = 1;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto found = [&] { return ", found " + std::to_string(labels[i]) + " at sample " + std::to_string(i); };
    if (labels[i] < 0 || (given > 0 && static_cast<std::size_t>(labels[i]) >= limit)) {
      const std::string range = given > 0 ? "0 to " + std::to_string(given - 1) : std::string("0 up");
      throw file_error(std::string(file) + ": expected labels from " + range + found());
    }
    if (static_cast<std::size_t>(labels[i]) >= limit) {
      throw file_error(std::string(file) + ": expected labels below " + std::to_string(limit) +
                       " where nothing says how many classes there are" + found() + " (" + std::string(option) +
                       " says it)");
    }
    classes = std::max(classes, static_cast<std::size_t>(labels[i]) + 1);
  }
  return given > 0 ? given : classes;
}

} // namespace fusegrad::data::detail
