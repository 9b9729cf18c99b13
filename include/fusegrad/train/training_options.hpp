// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/run/team.hpp>
#include <limits>

namespace fusegrad {

/// What a trainer is made with. Bounds are infinite where there is none.
template <class T = float> struct training_options {
  std::uint64_t seed = 0;        ///< of the initial weights, and of what is drawn in training
  std::size_t largest_batch = 0; ///< 0: taken from the first use; memory is allocated again when a larger one comes
  int threads = 0;               ///< 0: as many as OpenMP offers and the work pays for; results do not depend on it
  double clip_norm_of_each = std::numeric_limits<double>::infinity(); ///< the largest norm of each parameter's
                                                                      ///< gradient; applied before clip_norm
  double clip_norm = std::numeric_limits<double>::infinity();         ///< the largest norm of the whole gradient
  double clip_value = std::numeric_limits<double>::infinity();        ///< the largest absolute value of an entry
  double max_norm = std::numeric_limits<double>::infinity(); ///< the largest norm of the weights of each unit, after
                                                             ///< every step. Srivastava et al. 2014
};

namespace train {

[[noreturn]] inline void refuse_option(const char* name, const char* expected, double found) {
  base::refuse("fusegrad: %s is %s, not %g.", name, expected, found);
}

/// Throws std::invalid_argument naming the option, what it has to be and what it is. NaN is never what was meant.
template <class T> constexpr void check_options(const training_options<T>& options) {
  const auto bound = [](const char* name, double value) {
    if (!(value >= 0)) refuse_option(name, "0 or more", value);
  };
  bound("clip_norm", options.clip_norm);
  bound("clip_norm_of_each", options.clip_norm_of_each);
  bound("clip_value", options.clip_value);
  if (!(options.max_norm > 0)) refuse_option("max_norm", "above 0", options.max_norm);
  static_cast<void>(execution::checked_threads(options.threads));
}

} // namespace train
} // namespace fusegrad
