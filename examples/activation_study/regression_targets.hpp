// SPDX-License-Identifier: MIT
#pragma once

#include "small_nets.hpp"
#include "spread.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <fusegrad/base/random.hpp>
#include <string>
#include <utility>
#include <vector>

namespace study {

/// A function on [-1, 1] or on the square [-1, 1] x [-1, 1].
struct target {
  std::string name;
  std::string kind; ///< what it is an example of
  std::size_t inputs;
  std::function<double(double, double)> value;
};

namespace detail {

using points = std::vector<std::pair<double, double>>;

inline points random_points(std::size_t count, std::size_t inputs, std::uint64_t seed) {
  const fusegrad::base::random_stream draw(seed, 7);
  points made;
  for (std::size_t i = 0; i < count; ++i)
    made.emplace_back(2 * draw.uniform(2 * i) - 1, inputs == 1 ? 0 : 2 * draw.uniform(2 * i + 1) - 1);
  return made;
}

/// About `count` points that lie evenly.
inline points grid_points(std::size_t count, std::size_t inputs) {
  const auto side = inputs == 1 ? count : static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(count))));
  const auto place = [side](std::size_t i) {
    return (2.0 * static_cast<double>(i) + 1) / static_cast<double>(side) - 1;
  };
  points made;
  for (std::size_t i = 0; i < side; ++i)
    for (std::size_t k = 0; k < (inputs == 1 ? 1 : side); ++k) made.emplace_back(place(i), inputs == 1 ? 0 : place(k));
  return made;
}

/// Mean and deviation of a target over its domain.
inline std::pair<double, double> mean_and_deviation(const target& f) {
  const points all = grid_points(10'000, f.inputs);
  double sum = 0, squares = 0;
  for (const auto& [x, y] : all) sum += f.value(x, y), squares += f.value(x, y) * f.value(x, y);
  const double mean = sum / static_cast<double>(all.size());
  return {mean, std::sqrt(squares / static_cast<double>(all.size()) - mean * mean)};
}

inline fusegrad::data::dataset<float> samples_of(const target& f, const points& at) {
  const auto [mean, deviation] = mean_and_deviation(f);
  std::vector<float> inputs, targets;
  for (const auto& [x, y] : at) {
    inputs.push_back(static_cast<float>(x));
    inputs.push_back(static_cast<float>(y));
    targets.push_back(static_cast<float>((f.value(x, y) - mean) / deviation));
  }
  return fusegrad::data::dataset<float>::from_targets(std::move(inputs), 2, std::move(targets), 1);
}

} // namespace detail

/// Trained on a grid, tested on another one: what counts is what the net can express.
inline regression dense_regression(const target& f) {
  using namespace detail;
  return {samples_of(f, grid_points(f.inputs == 1 ? 64 : 144, f.inputs)),
          samples_of(f, grid_points(f.inputs == 1 ? 500 : 625, f.inputs)), f.inputs};
}

/// Trained on so many random points, tested on a grid.
inline regression sparse_regression(const target& f, std::size_t samples, std::uint64_t seed) {
  using namespace detail;
  return {samples_of(f, random_points(samples, f.inputs, seed)),
          samples_of(f, grid_points(f.inputs == 1 ? 500 : 625, f.inputs)), f.inputs};
}

/// Functions without kinks, and functions whose only difficulty are kinks.
inline std::vector<target> smooth_and_kinked_targets() {
  constexpr double pi = 3.14159265358979323846;
  return {
      {"sin(pi x)", "smooth", 1, [](double x, double) { return std::sin(pi * x); }},
      {"exp(-8 x^2)", "smooth", 1, [](double x, double) { return std::exp(-8 * x * x); }},
      {"x^3 - x/2", "smooth", 1, [](double x, double) { return x * x * x - x / 2; }},
      {"sin(pi x) cos(pi y)", "smooth", 2, [](double x, double y) { return std::sin(pi * x) * std::cos(pi * y); }},
      {"exp(-3 (x^2 + y^2))", "smooth", 2, [](double x, double y) { return std::exp(-3 * (x * x + y * y)); }},
      {"x y", "smooth", 2, [](double x, double y) { return x * y; }},
      {"|x - 0.3|", "kinked", 1, [](double x, double) { return std::abs(x - 0.3); }},
      {"triangle wave", "kinked", 1,
       [](double x, double) { return std::abs(1.5 * x + 0.3 - std::round(1.5 * x + 0.3)); }},
      {"max(x, y)", "kinked", 2, [](double x, double y) { return std::max(x, y); }},
  };
}

/// The learning rate (0.01, 0.03 or 0.1) of the lowest median test error in three runs, whose samples and seeds are not
/// used again.
inline double best_rate(const small_net& net, const target& f, std::size_t samples, int steps) {
  double best_error = HUGE_VAL, best = 0.01;
  for (double rate : {0.01, 0.03, 0.1}) {
    std::vector<double> errors;
    for (std::uint64_t seed : {1000u, 1001u, 1002u})
      errors.push_back(net.train(sparse_regression(f, samples, seed), {small_net_width, steps, rate, seed}).test);
    if (const double error = median(errors); error < best_error) best_error = error, best = rate;
  }
  return best;
}

} // namespace study
