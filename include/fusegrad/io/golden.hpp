// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/file_path.hpp>
#include <fusegrad/io/safetensors.hpp>
#include <fusegrad/model/inference.hpp>
#include <vector>

namespace fusegrad::io {

/// An input, and what a network makes of it: whoever has the weights can see whether theirs does the same.
struct golden_pair {
  std::vector<double> input, output;
};

namespace detail {

/// Throws std::invalid_argument where an output is not finite.
tensor_metadata to_metadata(const golden_pair& pair);
/// Throws file_error where there is none, or none of these sizes.
golden_pair from_metadata(const base::file_path& path, std::size_t inputs, std::size_t outputs);
/// Throws file_error naming the output that is furthest away, if it is too far.
void compare(const base::file_path& path, const std::vector<double>& saved, const std::vector<double>& made,
             double tolerance);

template <class Weights> std::vector<double> outputs_of(const Weights& weights, const std::vector<double>& input) {
  using model = typename Weights::model_type;
  using number = typename Weights::number_type;
  const fusegrad::inference<model, number> net{weights};
  typename fusegrad::inference<model, number>::workspace memory;
  const std::vector<number> x(input.begin(), input.end());
  std::vector<number> y(model::output_size());
  net.predict(x, y, memory);
  return {y.begin(), y.end()};
}

} // namespace detail

/// A pair of these weights; its input is the same on every machine, from -1 to 1.
template <class Weights> golden_pair golden_of(const Weights& weights) {
  golden_pair pair;
  for (std::uint32_t i = 1; i <= Weights::model_type::input_size(); ++i)
    pair.input.push_back(static_cast<double>(i * 2654435769U >> 20) / 2048 - 1);
  pair.output = detail::outputs_of(weights, pair.input);
  return pair;
}

/// The same as metadata for `save`: `fg::io::save(weights, path, fg::io::golden(weights))`.
template <class Weights> tensor_metadata golden(const Weights& weights) {
  return detail::to_metadata(golden_of(weights));
}

/// Computes again what was saved with the weights in a file. Throws file_error where the file has no pair of this
/// model's sizes, or an output is another, by more than the tolerance relative to it or to 1.
template <class Weights> void replay(const Weights& weights, const base::file_path& path, double tolerance = 1e-5) {
  using model = typename Weights::model_type;
  const golden_pair pair = detail::from_metadata(path, model::input_size(), model::output_size());
  detail::compare(path, pair.output, detail::outputs_of(weights, pair.input), tolerance);
}

} // namespace fusegrad::io
