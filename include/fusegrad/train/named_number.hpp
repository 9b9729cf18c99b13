// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <limits>
#include <string>

namespace fusegrad {

/// A number and what it is called.
struct named_number {
  std::string name;
  double value = std::numeric_limits<double>::quiet_NaN();

  friend bool operator==(const named_number&, const named_number&) = default;
};

} // namespace fusegrad
