// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <stdexcept>

namespace fusegrad::base {

/// A file that cannot be read or written, or that does not hold what was expected; the message names the
/// file, the place in it, what was expected and what was found.
class file_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace fusegrad::base
