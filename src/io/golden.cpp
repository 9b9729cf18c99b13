// SPDX-License-Identifier: MIT
#include <algorithm>
#include <fusegrad/io/golden.hpp>

#include "../base/file.hpp"
#include "../base/number_text.hpp"
#include "number_words.hpp"

#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fusegrad::io::detail {

namespace {

constexpr const char *input_key = "fusegrad.golden.input", *output_key = "fusegrad.golden.output";

std::string to_text(const std::vector<double>& numbers) {
  std::string text;
  for (const double x : numbers) {
    if (!std::isfinite(x))
      throw std::invalid_argument("fusegrad: a golden pair is of finite numbers, found " + words_of(x) + ".");
    text += (text.empty() ? "" : " ") + words_of(x);
  }
  return text;
}

std::vector<double> to_numbers(std::string_view text, const char* key, const base::file_path& path) {
  std::vector<double> numbers;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (base::read_number(word, numbers.emplace_back()) != std::errc{})
      throw file_error(path.string() + ": metadata \"" + key + "\": expected numbers, found " + base::in_quotes(word));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return numbers;
}

} // namespace

tensor_metadata to_metadata(const golden_pair& pair) {
  return {{input_key, to_text(pair.input)}, {output_key, to_text(pair.output)}};
}

golden_pair from_metadata(const base::file_path& path, std::size_t inputs, std::size_t outputs) {
  const tensor_metadata metadata = read_safetensors(path).metadata;
  const auto find = [&](const char* key, std::size_t size) {
    const auto found = metadata.find(key);
    if (found == metadata.end())
      throw file_error(path.string() +
                       ": expected a golden pair in its metadata, as golden(weights) writes, found none");
    std::vector<double> numbers = to_numbers(found->second, key, path);
    if (numbers.size() != size)
      throw file_error(path.string() + ": metadata \"" + key + "\": expected " + std::to_string(size) +
                       " numbers, found " + std::to_string(numbers.size()));
    return numbers;
  };
  golden_pair pair;
  pair.input = find(input_key, inputs);
  pair.output = find(output_key, outputs);
  return pair;
}

void compare(const base::file_path& path, const std::vector<double>& saved, const std::vector<double>& made,
             double tolerance) {
  std::size_t worst = 0;
  double furthest = 0;
  for (std::size_t i = 0; i < saved.size(); ++i) {
    const double distance = std::fabs(made[i] - saved[i]) / std::fmax(1, std::fabs(saved[i]));
    if (distance <= furthest) continue; // not so of NaN
    furthest = distance;
    worst = i;
    if (std::isnan(distance)) break;
  }
  if (furthest <= tolerance) return;
  throw file_error(path.string() + ": expected the outputs that were saved with the weights, found " +
                   words_of(made[worst]) + " instead of " + words_of(saved[worst]) + " at output " +
                   std::to_string(worst) + ": these are other weights, or another model");
}

} // namespace fusegrad::io::detail
