// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/any_function.hpp>
#include <fusegrad/train/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

namespace fusegrad {

/// All that a metric may look at, row-major: the outputs for all samples, and what was asked for.
template <class T> struct measured_samples {
  std::span<const T> outputs;
  std::size_t output_width = 1;
  std::span<const std::int32_t> labels; ///< empty where there are targets
  std::span<const T> targets;           ///< empty where there are labels
  std::size_t target_width = 0;
  std::span<const T> weights; ///< of the samples; empty where all count the same
};

namespace train {

namespace refusal {
[[noreturn, gnu::cold, gnu::noinline]] inline void of_metric(const std::string& name, const char* words) {
  throw std::invalid_argument(std::string("fusegrad: metric \"").append(name).append("\" ").append(words));
}
} // namespace refusal

/// What the function of a metric takes beside outputs of one type of numbers.
struct taken_by_metric {
  bool labels = false, targets = false, weights = false;
  [[nodiscard]] constexpr bool anything() const noexcept { return labels || targets; }
};

/// One of the two.
struct measured_in_either {
  const measured_samples<float>* in_float = nullptr;
  const measured_samples<double>* in_double = nullptr;
};

template <class F, class... Given>
inline constexpr bool measures = std::is_invocable_r_v<double, const F&, const Given&...>;

/// Calls a function with what it takes.
template <class F, class T> struct metric_call {
  using rows = std::span<const T>;
  using classes = std::span<const std::int32_t>;
  static constexpr bool of_all = measures<F, measured_samples<T>>;
  static constexpr bool weighs = measures<F, rows, classes, rows> || measures<F, rows, rows, rows>;
  static constexpr bool of_labels = weighs ? measures<F, rows, classes, rows> : measures<F, rows, classes>;
  static constexpr bool of_targets = weighs ? measures<F, rows, rows, rows> : measures<F, rows, rows>;
  static constexpr taken_by_metric takes{of_all || of_labels, of_all || of_targets, !of_all && weighs};

  static double run(const F& f, const measured_samples<T>& m) {
    if constexpr (of_all) {
      return static_cast<double>(f(m));
    } else {
      if constexpr (of_labels)
        if (!of_targets || !m.labels.empty()) return beside(f, m, m.labels);
      if constexpr (of_targets) return beside(f, m, m.targets);
    }
    return 0;
  }

private:
  template <class Asked> static double beside(const F& f, const measured_samples<T>& m, const Asked& asked) {
    if constexpr (weighs)
      return static_cast<double>(f(m.outputs, asked, m.weights));
    else
      return static_cast<double>(f(m.outputs, asked));
  }
};

} // namespace train

/// A number that tells how good outputs are: a function of one's own, or by its name alone one that `evaluation` has.
///
/// The function takes (outputs, targets) or (outputs, targets, weights): spans of const float or double, the outputs of
/// all samples one after the other; class labels are a span of const std::int32_t. One that needs to know more takes
/// `measured_samples<T>`. It is called once for all samples.
class metric {
public:
  metric(const char* name) : name_{name} {}
  metric(std::string name) : name_{std::move(name)} {}
  /// Of several outputs with a loss each, it is measured on the one of that number.
  template <class F>
  metric(std::string name, F function, std::size_t output = 0)
      : name_{std::move(name)}, call_{[function](const train::measured_in_either& m) {
          return m.in_float != nullptr ? train::metric_call<F, float>::run(function, *m.in_float)
                                       : train::metric_call<F, double>::run(function, *m.in_double);
        }},
        of_float_{train::metric_call<F, float>::takes}, of_double_{train::metric_call<F, double>::takes},
        output_{output} {
    if constexpr (!train::metric_call<F, float>::takes.anything() && !train::metric_call<F, double>::takes.anything())
      static_cast<void>(sizeof(metric_takes_outputs_and_targets<F>));
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::size_t output() const noexcept { return output_; }
  /// Whether it has a function of its own.
  [[nodiscard]] bool has_function() const noexcept { return static_cast<bool>(call_); }

  /// The number itself. Throws std::invalid_argument where the function takes something that there is not, and whatever
  /// the function throws.
  template <class T> [[nodiscard]] double measure(const measured_samples<T>& of) const {
    constexpr bool is_float = std::is_same_v<T, float>;
    const train::taken_by_metric& takes = is_float ? of_float_ : of_double_;
    if (!takes.anything())
      refuse(is_float ? "takes outputs that are double, and these are float."
                      : "takes outputs that are float, and these are double.");
    if (of.labels.empty() && of.target_width == 0 && !(takes.labels && takes.targets))
      refuse("takes targets, and the samples have none.");
    if (!of.labels.empty() && !takes.labels) refuse("takes real targets, and the samples have class labels.");
    if (of.target_width != 0 && !takes.targets) refuse("takes class labels, and the samples have real targets.");
    if (of.weights.empty() && takes.weights)
      refuse("takes weights, and the samples have none: give with_weights(samples, weights).");
    train::measured_in_either either;
    if constexpr (is_float)
      either.in_float = &of;
    else
      either.in_double = &of;
    return call_(either);
  }

private:
  [[noreturn]] void refuse(const char* words) const { train::refusal::of_metric(name_, words); }

  std::string name_;
  base::any_function<double(const train::measured_in_either&)> call_;
  train::taken_by_metric of_float_, of_double_;
  std::size_t output_ = 0;
};

} // namespace fusegrad
