// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fusegrad::io {

/// In which order a vector has the numbers of the image that it was made of, or that is made of it.
enum class flattened {
  as_told,        ///< by what the file says; one of another program says nothing, and is refused if that matters
  channels_first, ///< channel by channel, as PyTorch's Flatten has them behind its convolutions
  channels_last,  ///< position by position, as here
};

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
  /// How the parameters of a file that meet flattened images are ordered: columns of a dense layer behind `flatten`,
  /// rows of one before `reshape`, gains of a normalisation between.
  io::flattened flattened = io::flattened::as_told;
};

/// How the tensors of a model become those of a file.
struct save_options {
  /// In which order another program wants the parameters that meet flattened images; the file says so, and loads here
  /// as any other.
  io::flattened flattened = io::flattened::channels_last;
  /// Free text.
  std::map<std::string, std::string> metadata{};
};

/// What was done beside reading, by the names of the file.
struct load_result {
  std::vector<std::string> ignored;   ///< tensors that were passed over
  std::vector<std::string> converted; ///< tensors of another number type
};

} // namespace fusegrad::io
