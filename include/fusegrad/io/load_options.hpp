// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fusegrad::io {

/// How the tensors of a file become those of a model where they do not agree as they are. What is left out asks for
/// agreement.
struct load_options {
  /// Only tensors whose names begin with it are looked at, without it: "encoder" takes `encoder.0.weight` for
  /// `0.weight`.
  std::string prefix{};
  /// Names in the file and here, whole or up to a point: {{"fc1", "0"}} takes `fc1.weight` for `0.weight`. Of several
  /// that fit the first counts.
  std::vector<std::pair<std::string, std::string>> rename{};
  /// Tensors that the model does not have are passed over.
  bool ignore_extra = false;
  /// F16, BF16, F32 and F64 are taken for each other. A number that has no place in the model's type is refused.
  bool convert = false;
};

/// What was done beside reading, by the names of the file.
struct load_result {
  std::vector<std::string> ignored;   ///< tensors that were passed over
  std::vector<std::string> converted; ///< tensors of another number type
};

} // namespace fusegrad::io
