// SPDX-License-Identifier: MIT
#include "beta_share.hpp"

#include <fusegrad/math/exponential.hpp>
#include <fusegrad/math/logarithm.hpp>
#include <fusegrad/math/square_root.hpp>

#include <cstdint>

namespace fusegrad::data::detail {

namespace {

/// The logarithm of a number of the gamma distribution: the number itself may be too small for a double. Source:
/// Marsaglia, Tsang, "A simple method for generating gamma variables", 2000.
double log_of_gamma(const base::random_stream& stream, double shape) noexcept {
  const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3, c = 1 / math::sqrt(9 * d);
  const base::random_stream normals = stream.child(0), uniforms = stream.child(1);
  for (std::uint64_t attempt = 0;; ++attempt) {
    const double x = normals.normal(attempt), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (math::log(1 - uniforms.uniform(attempt)) >= 0.5 * x * x + d - d * v + d * math::log(v)) continue;
    const double smaller = shape < 1 ? math::log(1 - stream.child(2).uniform(0)) / shape : 0;
    return math::log(d * v) + smaller;
  }
}

} // namespace

double beta_share(const base::random_stream& stream, double alpha) noexcept {
  const double difference = log_of_gamma(stream.child(1), alpha) - log_of_gamma(stream.child(0), alpha);
  return 1 / (1 + math::exp(difference));
}

} // namespace fusegrad::data::detail
