// SPDX-License-Identifier: MIT
#pragma once

#include "random.hpp"

#include <cstddef>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

/// What the tests of functions of rows share.
namespace function_checks {

template <class T> std::vector<T> random_numbers(std::size_t count, unsigned seed, double size = 1) {
  std::mt19937 engine(seed);
  std::vector<T> numbers(count);
  for (T& x : numbers) x = static_cast<T>(fusegrad::test::uniform(engine, -size, size));
  return numbers;
}

/// The derivative of `value()` by the number `x` that it reads, by central differences.
double slope(double& x, auto&& value, double step = 1e-6) {
  const double before = x;
  x = before + step;
  const double above = value();
  x = before - step;
  const double below = value();
  x = before;
  return (above - below) / (2 * step);
}

std::string message_of(auto&& action) {
  try {
    action();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "nothing was thrown";
}

} // namespace function_checks
