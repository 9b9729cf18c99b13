// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <fusegrad/base/random.hpp>
#include <fusegrad/expr/calculus.hpp>
#include <fusegrad/expr/transform.hpp>
#include <fusegrad/start/gain.hpp>
#include <vector>

// Exclusive or without layers: the loss is a plain function of nine weights, the library derives its gradient, and all
// runs of an activation are trained side by side, a run in each place of a vector register.
namespace study {

/// Two hidden units with an activation each.
template <class Activation> struct two_units {
  template <class X> constexpr auto operator()(X a, X b, X out_a, X out_b) const {
    constexpr Activation f{};
    return out_a * f(a) + out_b * f(b);
  }
};

/// One hidden unit that makes its output of both sums: maxout, the gated family.
template <class Joint> struct one_joint_unit {
  template <class X> constexpr auto operator()(X a, X b, X out_a, X) const {
    constexpr Joint f{};
    return out_a * f(a, b);
  }
};

/// The mean of squared differences from 0 and 1 over the four samples. The output is linear.
template <class Hidden> struct xor_loss {
  template <class X> constexpr auto operator()(X a1, X a2, X a0, X b1, X b2, X b0, X out_a, X out_b, X out_0) const {
    constexpr Hidden hidden{};
    const auto squared_error = [&](double x, double y, double target) {
      const auto e = hidden(a1 * x + a2 * y + a0, b1 * x + b2 * y + b0, out_a, out_b) + out_0 - target;
      return e * e;
    };
    return 0.25 * (squared_error(0, 0, 0) + squared_error(0, 1, 1) + squared_error(1, 0, 1) + squared_error(1, 1, 0));
  }
};

/// One number for each run, for each of the nine weights.
using xor_weights = std::array<std::vector<float>, 9>;

struct xor_recipe {
  int units = 2; ///< 1: both units are kept equal, and are one
  int steps = 4000;
  float learning_rate = 0.1f;
};

/// As `dense` starts: normal, variance-preserving, biases at 0.
inline xor_weights start_of_runs(std::size_t runs, double gain) {
  xor_weights w;
  for (std::size_t k = 0; k < w.size(); ++k) {
    const bool is_bias = k == 2 || k == 5 || k == 8, is_output = k >= 6;
    const double deviation = is_bias ? 0 : (is_output ? 1 : gain) / std::sqrt(2.0);
    for (std::size_t run = 0; run < runs; ++run)
      w[k].push_back(static_cast<float>(deviation * fusegrad::base::random_stream(run).normal(k)));
  }
  return w;
}

/// Adam with its usual settings.
class xor_adam {
public:
  xor_adam(std::size_t runs, float rate) : rate_{rate} {
    for (auto& numbers : mean_) numbers.assign(runs, 0.0f);
    square_ = mean_;
  }

  void step(xor_weights& w, const xor_weights& gradient) {
    ++steps_;
    const float correct_mean = 1 / (1 - std::pow(0.9f, steps_)), correct_square = 1 / (1 - std::pow(0.999f, steps_));
    for (std::size_t k = 0; k < w.size(); ++k)
      for (std::size_t i = 0; i < w[k].size(); ++i) {
        const float g = gradient[k][i];
        mean_[k][i] = 0.9f * mean_[k][i] + 0.1f * g;
        square_[k][i] = 0.999f * square_[k][i] + 0.001f * g * g;
        w[k][i] -= rate_ * correct_mean * mean_[k][i] / (std::sqrt(correct_square * square_[k][i]) + 1e-8f);
      }
  }

private:
  float rate_;
  float steps_ = 0;
  xor_weights mean_, square_;
};

/// Trains nets with the seeds 0, 1, 2, ..., and gives back their losses.
template <class Hidden> std::vector<float> train_xor(std::size_t runs, double gain, const xor_recipe& how) {
  xor_weights w = start_of_runs(runs, gain), g = w;
  xor_adam rule(runs, how.learning_rate);
  for (int step = 0; step < how.steps; ++step) {
    if (how.units == 1) {
      for (std::size_t k : {0u, 1u, 2u}) w[k + 3] = w[k];
      w[7] = w[6];
    }
    fusegrad::transform(fusegrad::gradient(xor_loss<Hidden>{}), g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7], g[8],
                        w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8]);
    rule.step(w, g);
  }
  std::vector<float> losses(runs);
  fusegrad::transform(xor_loss<Hidden>{}, losses, w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8]);
  return losses;
}

} // namespace study
