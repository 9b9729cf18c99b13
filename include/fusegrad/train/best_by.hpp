// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <string>
#include <utility>

namespace fusegrad {

/// By what the epochs of a fit are compared: a number that is measured on the validation set, by its name, and whether
/// more of it is better. `best_by::loss`, `best_by::accuracy`, `highest("AUC")`, `lowest("mean absolute error")`.
struct best_by {
  std::string name;
  bool is_highest = false;

  static const best_by loss, accuracy;

  friend bool operator==(const best_by&, const best_by&) = default;
};

inline const best_by best_by::loss{"loss", false};
inline const best_by best_by::accuracy{"accuracy", true};

/// More of it is better.
inline best_by highest(std::string name) { return {std::move(name), true}; }
/// Less of it is better.
inline best_by lowest(std::string name) { return {std::move(name), false}; }

namespace train {
/// Whether a fit tells by itself what its best epoch is decided by.
inline bool is_told_anyway(const best_by& better) { return better == best_by::loss || better == best_by::accuracy; }
} // namespace train

} // namespace fusegrad
