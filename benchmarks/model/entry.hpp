// SPDX-License-Identifier: MIT
#pragma once

#include "common/worker.hpp"

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <vector>

namespace benchmarks {

/// A case as a model of this library.
struct entry {
  std::string_view name;
  std::unique_ptr<session> (*open)(phase, std::size_t batch, int threads);
};

/// All entries of a program. The models are spread over files, so that none takes the compiler long; each file brings
/// its own.
inline std::vector<entry>& entries() {
  static std::vector<entry> all;
  return all;
}

/// Stands in a file that has entries, and adds them.
struct brings {
  brings(std::initializer_list<entry> ours) { entries().insert(entries().end(), ours); }
};

} // namespace benchmarks
