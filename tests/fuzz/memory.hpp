// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace fusegrad::fuzz {

/// From here to the end of its life, ends the program with a message as soon as this thread takes more memory at once
/// than `factor` times the file and 1 MiB: what a file claims must not be believed.
class memory_limit {
public:
  explicit memory_limit(std::size_t file, std::size_t factor = 2) noexcept;
  memory_limit(const memory_limit&) = delete;
  memory_limit& operator=(const memory_limit&) = delete;
  ~memory_limit();
};

} // namespace fusegrad::fuzz
