// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <stdexcept>
#include <string>

namespace fusegrad::base {

/// A file that cannot be read or written, or that does not hold what was expected; the message names the
/// file, the place in it, what was expected and what was found. Names of files, and of what is in them, come from
/// others: control characters, by which a terminal of UTF-8 would be told to do something, are question marks in the
/// message. Ends of lines stay, since messages have several: a name with one makes a line of its own.
class file_error : public std::runtime_error {
public:
  explicit file_error(const std::string& words);
};

} // namespace fusegrad::base
