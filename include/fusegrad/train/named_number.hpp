// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <limits>
#include <string>
#include <vector>

namespace fusegrad {

/// A number and what it is called.
struct named_number {
  std::string name;
  double value = std::numeric_limits<double>::quiet_NaN();

  friend bool operator==(const named_number&, const named_number&) = default;
};

namespace train {
/// Adds a name, unless it is there.
inline void add_once(std::vector<std::string>& names, const std::string& name) {
  for (const std::string& known : names)
    if (known == name) return;
  names.push_back(name);
}
} // namespace train

} // namespace fusegrad
