// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/finite.hpp>
#include <limits>

namespace fusegrad::initial::inline FUSEGRAD_ABI::detail {

/// Not std::abs, which is no constant expression before C++23.
constexpr double magnitude(double x) { return x < 0 ? -x : x; }

/// Arithmetic that may leave the numbers, for constant evaluation: there compilers refuse what overflows, divides by
/// zero or is NaN, each in its own way.
struct past_the_largest {
  static constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
  static constexpr double largest = std::numeric_limits<double>::max();

  static constexpr double sum(double a, double b) {
    if (a != a || b != b) return not_a_number;
    if (!base::is_finite(a)) return base::is_finite(b) || a == b ? a : not_a_number;
    if (!base::is_finite(b)) return b;
    const bool overflows = (a < 0) == (b < 0) && magnitude(a) > largest - magnitude(b);
    return overflows ? infinite_like(a < 0) : a + b;
  }
  static constexpr double product(double a, double b) {
    if (a != a || b != b) return not_a_number;
    const bool is_negative = (a < 0) != (b < 0);
    if (!base::is_finite(a) || !base::is_finite(b)) return a == 0 || b == 0 ? not_a_number : infinite_like(is_negative);
    const bool overflows = magnitude(b) > 1 && magnitude(a) > largest / magnitude(b);
    return overflows ? infinite_like(is_negative) : a * b;
  }
  static constexpr double quotient(double a, double b) {
    if (a != a || b != b || (a == 0 && b == 0)) return not_a_number;
    const bool is_negative = (a < 0) != (b < 0);
    if (!base::is_finite(a)) return base::is_finite(b) ? infinite_like(is_negative) : not_a_number;
    if (!base::is_finite(b)) return 0;
    const bool overflows = b == 0 || (magnitude(b) < 1 && magnitude(a) > largest * magnitude(b));
    return overflows ? infinite_like(is_negative) : a / b;
  }

private:
  static constexpr double infinite_like(bool is_negative) {
    return is_negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
};

} // namespace fusegrad::initial::inline FUSEGRAD_ABI::detail
