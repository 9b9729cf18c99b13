// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

/// u_t = 1e-4 u_xx + 5 (u - u^3) from x^2 cos(pi x), -1 at both ends, by finite differences: half a step of the
/// reaction, exactly, a step of Crank and Nicolson's for the diffusion, half a step of the reaction. Error about 1e-6.
class allen_cahn_reference {
public:
  static constexpr double diffusion = 1e-4, reaction = 5;
  static constexpr std::size_t cells = 2048, steps = 2000; ///< over -1 to 1, and a time of 1

  allen_cahn_reference() {
    constexpr double pi = 3.14159265358979323846;
    std::vector<double> u(cells + 1);
    for (std::size_t i = 0; i <= cells; ++i) {
      const double x = -1 + 2.0 * static_cast<double>(i) / cells;
      u[i] = x * x * std::cos(pi * x);
    }
    at_.push_back(u);
    for (std::size_t step = 0; step < steps; ++step) {
      react(u);
      diffuse(u);
      react(u);
      at_.push_back(u);
    }
  }

  /// Between the nodes, linearly.
  [[nodiscard]] double operator()(double x, double t) const {
    const double column = (x + 1) / 2 * cells, row = t * steps;
    const auto i = static_cast<std::size_t>(std::fmin(column, cells - 1)),
               k = static_cast<std::size_t>(std::fmin(row, steps - 1));
    const double a = column - static_cast<double>(i), b = row - static_cast<double>(k);
    return (1 - b) * ((1 - a) * at_[k][i] + a * at_[k][i + 1]) + b * ((1 - a) * at_[k + 1][i] + a * at_[k + 1][i + 1]);
  }

private:
  static constexpr double length = 1.0 / steps;

  static void react(std::vector<double>& u) {
    const double decay = std::exp(-2 * reaction * length / 2);
    for (double& v : u) v /= std::sqrt(v * v + (1 - v * v) * decay);
  }
  static void diffuse(std::vector<double>& u) {
    const double r = diffusion * length / (2 * (2.0 / cells) * (2.0 / cells));
    // (1 + 2 r) next[i] - r (next[i - 1] + next[i + 1]) = right[i], by Thomas' elimination; both ends stay.
    std::vector<double> upper(cells + 1), right(cells + 1);
    right[0] = u[0];
    for (std::size_t i = 1; i < cells; ++i) {
      const double of = (1 - 2 * r) * u[i] + r * (u[i - 1] + u[i + 1]), pivot = 1 + 2 * r - r * upper[i - 1];
      upper[i] = r / pivot;
      right[i] = (of + r * right[i - 1]) / pivot;
    }
    for (std::size_t i = cells; i-- > 1;) u[i] = right[i] + upper[i] * u[i + 1];
  }

  std::vector<std::vector<double>> at_;
};
