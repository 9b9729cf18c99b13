// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/io/golden.hpp>
#include <fusegrad/model/embedded.hpp>
#include <string>
#include <vector>

namespace fusegrad::io {

/// What a header says beside the numbers.
struct header_options {
  std::string name = "net"; ///< the namespace that everything is in
  /// The model in C++, in the scope of `namespace fg = fusegrad`: the expression it was made of, or the name of a
  /// constant, which `include` declares then.
  std::string model{};
  std::string include{}; ///< a header for that
};

namespace detail {

/// A parameter by name, in double precision, which holds all that float does.
struct header_parameter {
  std::string name;
  std::vector<double> numbers;
};
struct header_contents {
  std::vector<header_parameter> parameters;
  golden_pair golden;
  std::uint64_t fingerprint = 0;
  bool is_double = false;
};
void write_header(const header_contents& contents, const base::file_path& path, const header_options& options);

} // namespace detail

/// Writes a header with the weights as constants, the model, an input and what it becomes: `net::network()` is an
/// `inference` on them, `net::reproduces()` computes the output anew. Whoever includes it needs neither this library's
/// sources nor a file at run time. Throws std::invalid_argument for a name that is none or a word of C++, a model that
/// is not said, and numbers that are not finite; file_error if it cannot be written.
template <class Weights>
void save_header(const Weights& weights, const base::file_path& path, const header_options& options) {
  detail::header_contents contents;
  for (const std::string& name : weights.parameter_names()) {
    const auto numbers = weights.read(name);
    contents.parameters.push_back({name, {numbers.begin(), numbers.end()}});
  }
  contents.golden = golden_of(weights);
  contents.fingerprint = fingerprint<typename Weights::model_type>();
  contents.is_double = sizeof(typename Weights::number_type) == 8;
  detail::write_header(contents, path, options);
}

} // namespace fusegrad::io
