// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/config.hpp>
#include <initializer_list>
#include <limits>
#include <type_traits>

namespace fusegrad {

/// What outputs are to a loss, and so which metrics say something about them.
enum class outputs_are {
  values,       ///< estimates of the targets themselves: R2, mean absolute error
  answers,      ///< yes above `decision_threshold`, each for itself: accuracy
  class_scores, ///< one for each class, the largest wins: accuracy, confusion matrix
  unknown       ///< the loss alone
};

namespace train {

inline constexpr double no_threshold = std::numeric_limits<double>::quiet_NaN();

namespace detail {

/// Whether a loss is lowest where the prediction is the target.
template <class Loss> constexpr bool lowest_at_target() {
  for (const double target : {-3.0, -0.5, 0.0, 0.5, 1.0, 4.0})
    for (const double distance : {-2.0, -0.1, -1e-3, 1e-3, 0.1, 2.0})
      if (!(Loss{}(target + distance, target) >= Loss{}(target, target))) return false;
  return true;
}

/// Whether a loss falls the further a prediction goes up, or with `sign` -1 down.
template <class Loss> constexpr bool falls_for_ever(double target, double sign) {
  double last = Loss{}(-30 * sign, target);
  const double first = last;
  for (const double prediction : {-8.0, -2.0, -0.5, 0.0, 0.5, 2.0, 8.0, 30.0}) {
    const double now = Loss{}(sign * prediction, target);
    if (!(now <= last)) return false;
    last = now;
  }
  return last < first;
}
template <class Loss> constexpr bool takes_logits() {
  return falls_for_ever<Loss>(1, 1) && falls_for_ever<Loss>(0, -1);
}

/// Whether a loss is lowest near 1 where the target is yes, and near 0 where it is no; not at the ends, where a
/// logarithm is infinite.
template <class Loss> constexpr bool takes_answers() {
  for (const double prediction : {0.01, 0.25, 0.5, 0.75, 0.99}) {
    if (prediction < 0.99 && !(Loss{}(prediction, 1.0) > Loss{}(0.99, 1.0))) return false;
    if (prediction > 0.01 && !(Loss{}(prediction, 0.0) > Loss{}(0.01, 0.0))) return false;
  }
  return true;
}

/// What a test says in a constant expression. A function that is not a number somewhere has no value there: of that
/// nothing is known.
template <bool (*Test)()>
inline constexpr bool holds = [] {
  if constexpr (requires { typename std::bool_constant<Test()>; })
    return Test();
  else
    return false;
}();
} // namespace detail

/// Whether a loss is lowest where the prediction is the target.
template <class Loss> inline constexpr bool is_lowest_at_target = detail::holds<&detail::lowest_at_target<Loss>>;
/// Whether a loss asks for ever larger outputs for yes (1), and ever smaller ones for no (0).
template <class Loss> inline constexpr bool takes_logits = detail::holds<&detail::takes_logits<Loss>>;
/// Whether a loss asks for the answers themselves, 1 and 0.
template <class Loss> inline constexpr bool takes_answers = detail::holds<&detail::takes_answers<Loss>>;

/// Where a loss tells yes from no with a single output.
template <class Loss>
inline constexpr double decision_threshold_of = takes_logits<Loss>    ? 0
                                                : takes_answers<Loss> ? 0.5
                                                                      : no_threshold;
/// What outputs are to a loss.
template <class Loss>
inline constexpr outputs_are meaning_of = is_lowest_at_target<Loss> ? outputs_are::values
                                          : takes_logits<Loss>      ? outputs_are::answers
                                                                    : outputs_are::unknown;

} // namespace train

} // namespace fusegrad
