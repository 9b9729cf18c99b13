// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

/// The solution of u_t + u u_x = nu u_xx on -1 to 1 that starts at -sin(pi x) and is zero at both ends, by the
/// transformation of Cole and Hopf: two integrals over the line, by the trapezium rule, which converges for them faster
/// than any power of the step.
inline double exact_burgers(double x, double t, double nu) {
  constexpr double pi = 3.14159265358979323846;
  if (t <= 0) return -std::sin(pi * x);
  // Both integrands are exp(-z^2 - cos(pi y) / (2 pi nu)) times something bounded; the largest exponent is at most
  // 1 / (2 pi nu), which is taken out, and is lost beyond |z| = sqrt(1 / (pi nu) + 40).
  const double spread = std::sqrt(4 * nu * t), reach = std::sqrt(1 / (pi * nu) + 40);
  constexpr int steps = 500;
  double above = 0, below = 0;
  for (int i = -steps; i <= steps; ++i) {
    const double z = reach * i / steps, y = x - spread * z;
    const double weight = std::exp(-z * z - (std::cos(pi * y) + 1) / (2 * pi * nu));
    above += weight * std::sin(pi * y);
    below += weight;
  }
  return -above / below;
}
