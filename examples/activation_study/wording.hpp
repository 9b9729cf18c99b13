// SPDX-License-Identifier: MIT
#pragma once

#include "spread.hpp"

#include <cmath>
#include <fusegrad/base/text.hpp>
#include <string>

// Numbers as the pages of several claims write them.
namespace study {

inline std::string percent(double share) {
  return std::isfinite(share) ? fusegrad::base::fixed(100 * share, share > 0.995 && share < 1 ? 1 : 0) + " %" : "-";
}

/// Two or three digits that matter: 1,230, 45, 3.1, 0.042; "never" for infinity, which stands for what no run reached.
inline std::string brief(double x) {
  if (std::isinf(x)) return "never";
  if (std::abs(x) >= 100) return fusegrad::base::grouped_rounded(x);
  return fusegrad::base::fixed(x, std::abs(x) >= 10 ? 0 : std::abs(x) >= 1 ? 1 : std::abs(x) >= 0.1 ? 2 : 3);
}

/// A number that was chosen, without zeros at its end: 0.1, 0.03, 2.
inline std::string plain(double x) {
  std::string digits = fusegrad::base::fixed(x, 6);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

/// The median, with the quartiles behind it.
inline std::string brief(const spread& s) {
  if (std::isinf(s.low)) return "never";
  return brief(s.median) + " (" + brief(s.low) + " to " + brief(s.high) + ")";
}

/// A loss after training: the median, with the quartiles behind it.
inline std::string loss_in_words(const spread& s) {
  if (std::isinf(s.median)) return "diverged";
  if (s.median > 100) return "above 100";
  return brief(s.median) + " (" + brief(s.low) + " to " + (s.high > 100 ? "above 100" : brief(s.high)) + ")";
}

inline std::string times(double ratio) { return fusegrad::base::fixed(ratio, 2) + " times"; }

} // namespace study
