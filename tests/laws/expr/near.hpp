// SPDX-License-Identifier: MIT
#pragma once

#include "random.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

namespace fusegrad::test {

/// |a - b| as a part of |b|, or of 1 where b is small.
inline double relative_error(double a, double b) { return std::abs(a - b) / std::max(1.0, std::abs(b)); }

inline void check_near(double found, double expected, double tolerance, const char* what, double x) {
  BOOST_TEST(relative_error(found, expected) <= tolerance,
             what << " at " << x << ": " << found << ", expected " << expected);
}

/// Reproducible points of an interval, its ends among them.
class points {
public:
  points(double low, double high, unsigned seed = 1) : low_{low}, high_{high}, engine_{seed} {}
  double next() {
    ++drawn_;
    if (drawn_ == 1) return low_;
    if (drawn_ == 2) return high_;
    return uniform(engine_, low_, high_);
  }

private:
  double low_, high_;
  int drawn_ = 0;
  std::mt19937 engine_;
};

} // namespace fusegrad::test
