// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/inspect/health_log.hpp>
#include <span>
#include <string>
#include <vector>

namespace fusegrad::inspect::detail {

/// A layer with weights and what follows it up to the next: "dense 128 | batch_norm | sigmoid". What a person calls a
/// layer. Layers without weights that follow none are stations of their own.
struct station {
  std::size_t head = 0; ///< index of the first observed layer
  std::size_t end = 0;  ///< one beyond the last
  std::size_t activation = unknown;
  bool has_weights = false;
  bool has_normalisation = false;
  bool is_in_residual = false;
  std::string description;
};

std::vector<station> stations_of(const health_log& log);

/// Where: "layer 3 (dense 128 | sigmoid)", "layers 0 to 96 (49 times dense 32 | sigmoid)", "5 layers between 0 and 96
/// (...)". `places` are indices into the stations, in rising order.
std::string in_words(const health_log& log, std::span<const station> stations, std::span<const std::size_t> places);

/// A layer as code: "fg::dense<32>", "fg::sigmoid".
std::string code_of(const observed_layer& layer);

/// Two significant digits, without a point for thousands or zeros behind: 0.38, 12, 2.1e-9.
std::string short_number(double value);
/// A share as a percentage: "38 %", "0.4 %".
std::string percentage(double share);
/// A factor that somebody is to try: one significant digit.
std::string rough(double factor);

} // namespace fusegrad::inspect::detail
