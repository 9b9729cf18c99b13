// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <fusegrad/expr/function.hpp>
#include <fusegrad/train/rule_settings.hpp>
#include <fusegrad/train/update_rule.hpp>
#include <string_view>

// The usual update rules, each written as a user would write one; definitions and defaults are PyTorch's.
namespace fusegrad {

namespace update_functions {
using expr::sqrt, expr::pow, expr::select, expr::max, expr::sign;

// With a type to wait for: without one a compiler works out all formulas of this file where it reads them.
template <fixed_string Name, class> constexpr auto setting(double initial) { return fusegrad::setting<Name>(initial); }
template <fixed_string Name, class> constexpr auto state() { return fusegrad::state<Name>(); }

struct sgd {
  template <class W, class G> constexpr auto operator()(W weight, G gradient) const {
    const auto rate = setting<"learning_rate", W>(0.01);
    const auto momentum = setting<"momentum", W>(0);
    const auto decay = setting<"weight_decay", W>(0);
    const auto dampening = setting<"dampening", W>(0);
    const auto nesterov = setting<"nesterov", W>(0);
    const auto step = setting<"step", W>(1);
    const auto g = gradient + decay * weight;
    const auto velocity = select(step < 1.5, g, momentum * state<"velocity", W>() + (1 - dampening) * g);
    const auto direction = select(nesterov > 0, g + momentum * velocity, velocity);
    return updated(weight - rate * direction, next<"velocity">(velocity));
  }
};

struct plain_sgd {
  template <class W, class G> constexpr auto operator()(W weight, G gradient) const {
    return weight - setting<"learning_rate", W>(0.01) * (gradient + setting<"weight_decay", W>(0) * weight);
  }
};

struct adagrad {
  template <class W, class G> constexpr auto operator()(W weight, G gradient) const {
    const auto rate = setting<"learning_rate", W>(0.01);
    const auto decay = setting<"weight_decay", W>(0);
    const auto rate_decay = setting<"learning_rate_decay", W>(0);
    const auto epsilon = setting<"epsilon", W>(1e-10);
    const auto step = setting<"step", W>(1);
    const auto g = gradient + decay * weight;
    const auto sum = state<"sum", W>() + g * g;
    const auto slowed = rate / (1 + (step - 1) * rate_decay);
    return updated(weight - slowed * (g / (sqrt(sum) + epsilon)), next<"sum">(sum));
  }
};

struct rmsprop {
  template <class W, class G> constexpr auto operator()(W weight, G gradient) const {
    const auto rate = setting<"learning_rate", W>(0.01);
    const auto smoothing = setting<"smoothing", W>(0.99);
    const auto epsilon = setting<"epsilon", W>(1e-8);
    const auto momentum = setting<"momentum", W>(0);
    const auto decay = setting<"weight_decay", W>(0);
    const auto g = gradient + decay * weight;
    const auto square_average = smoothing * state<"square_average", W>() + (1 - smoothing) * (g * g);
    const auto velocity = momentum * state<"velocity", W>() + g / (sqrt(square_average) + epsilon);
    return updated(weight - rate * velocity, next<"square_average">(square_average), next<"velocity">(velocity));
  }
};

/// The step that Adam and AdamW share, from the moments that stand after this gradient.
template <class W, class G, class Rate> constexpr auto adam_step(W weight, G g, Rate rate) {
  const auto beta1 = setting<"beta1", W>(0.9);
  const auto beta2 = setting<"beta2", W>(0.999);
  const auto epsilon = setting<"epsilon", W>(1e-8);
  const auto step = setting<"step", W>(1);
  const auto mean = state<"mean", W>() + (1 - beta1) * (g - state<"mean", W>());
  const auto square_mean = beta2 * state<"square_mean", W>() + (1 - beta2) * (g * g);
  const auto step_size = rate / (1 - pow(beta1, step));
  const auto root_correction = sqrt(1 - pow(beta2, step));
  const auto denominator = sqrt(square_mean) / root_correction + epsilon;
  return updated(weight - step_size * (mean / denominator), next<"mean">(mean), next<"square_mean">(square_mean));
}

struct adam {
  template <class W, class G> constexpr auto operator()(W weight, G gradient) const {
    return adam_step(weight, gradient + setting<"weight_decay", W>(0) * weight, setting<"learning_rate", W>(0.001));
  }
};

struct adamw {
  template <class W, class G> constexpr auto operator()(W weight, G gradient) const {
    const auto rate = setting<"learning_rate", W>(0.001);
    return adam_step(weight * (1 - rate * setting<"weight_decay", W>(0.01)), gradient, rate);
  }
};

/// Adam whose steps never grow again: divided by the root of the largest mean of squares so far.
struct amsgrad {
  template <class W, class G> constexpr auto operator()(W weight, G gradient) const {
    const auto beta1 = setting<"beta1", W>(0.9);
    const auto beta2 = setting<"beta2", W>(0.999);
    const auto step = setting<"step", W>(1);
    const auto g = gradient + setting<"weight_decay", W>(0) * weight;
    const auto mean = state<"mean", W>() + (1 - beta1) * (g - state<"mean", W>());
    const auto square_mean = beta2 * state<"square_mean", W>() + (1 - beta2) * (g * g);
    const auto largest = max(state<"largest_square_mean", W>(), square_mean);
    const auto step_size = setting<"learning_rate", W>(0.001) / (1 - pow(beta1, step));
    const auto denominator = sqrt(largest) / sqrt(1 - pow(beta2, step)) + setting<"epsilon", W>(1e-8);
    return updated(weight - step_size * (mean / denominator), next<"mean">(mean), next<"square_mean">(square_mean),
                   next<"largest_square_mean">(largest));
  }
};

/// The share of the momentum grows with the steps; their product is kept as what it lacks to 1, since states begin at
/// 0.
struct nadam {
  template <class W, class G> constexpr auto operator()(W weight, G gradient) const {
    const auto rate = setting<"learning_rate", W>(0.002);
    const auto beta1 = setting<"beta1", W>(0.9);
    const auto beta2 = setting<"beta2", W>(0.999);
    const auto growth = setting<"momentum_decay", W>(0.004);
    const auto step = setting<"step", W>(1);
    const auto g = gradient + setting<"weight_decay", W>(0) * weight;
    const auto mean = state<"mean", W>() + (1 - beta1) * (g - state<"mean", W>());
    const auto square_mean = beta2 * state<"square_mean", W>() + (1 - beta2) * (g * g);
    const auto now = beta1 * (1 - 0.5 * pow(0.96, step * growth));
    const auto later = beta1 * (1 - 0.5 * pow(0.96, (step + 1) * growth));
    const auto lack = (1 - now) + state<"momentum_lack", W>() * now; // 1 - the product of all shares so far
    const auto denominator = sqrt(square_mean / (1 - pow(beta2, step))) + setting<"epsilon", W>(1e-8);
    const auto of_gradient = rate * (1 - now) / lack;
    const auto of_mean = rate * later / ((1 - later) + lack * later);
    return updated(weight - (of_gradient * g + of_mean * mean) / denominator, next<"mean">(mean),
                   next<"square_mean">(square_mean), next<"momentum_lack">(lack));
  }
};

struct lion {
  template <class W, class G> constexpr auto operator()(W weight, G gradient) const {
    const auto rate = setting<"learning_rate", W>(0.0001);
    const auto mean = state<"mean", W>();
    const auto beta1 = setting<"beta1", W>(0.9);
    const auto beta2 = setting<"beta2", W>(0.99);
    const auto direction = sign(beta1 * mean + (1 - beta1) * gradient);
    return updated(weight * (1 - rate * setting<"weight_decay", W>(0)) - rate * direction,
                   next<"mean">(beta2 * mean + (1 - beta2) * gradient));
  }
};

} // namespace update_functions

// What tells of settings are templates, so that nobody pays for those of rules that he does not use.

/// w - learning_rate (g + weight_decay w): no memory beside the weights.
struct sgd {
  using recipe = expr::recipe_of<update_functions::plain_sgd>;
  double learning_rate = 0.01, weight_decay = 0;
  template <class Rule = sgd> static constexpr auto settings() {
    return std::array{train::setting_at<&Rule::learning_rate>("learning_rate", train::above_zero),
                      train::setting_at<&Rule::weight_decay>("weight_decay", train::zero_or_more)};
  }
  template <class Rule = sgd> [[nodiscard]] constexpr double setting(std::string_view name) const {
    return train::setting_of<Rule>(*this, name);
  }
};

/// Stochastic gradient descent with momentum, plain or Nesterov's. Sutskever et al. 2013.
struct momentum_sgd {
  using recipe = expr::recipe_of<update_functions::sgd>;
  double learning_rate = 0.01, momentum = 0.9, dampening = 0, weight_decay = 0;
  bool nesterov = false;
  template <class Rule = momentum_sgd> static constexpr auto settings() {
    return std::array{train::setting_at<&Rule::learning_rate>("learning_rate", train::above_zero),
                      train::setting_at<&Rule::momentum>("momentum", train::below_one),
                      train::setting_at<&Rule::dampening>("dampening", train::up_to_one),
                      train::setting_at<&Rule::weight_decay>("weight_decay", train::zero_or_more),
                      train::setting_at<&Rule::nesterov>("nesterov", train::up_to_one)};
  }
  template <class Rule = momentum_sgd> [[nodiscard]] constexpr double setting(std::string_view name) const {
    return train::setting_of<Rule>(*this, name);
  }
};

/// Steps divided by the root of the sum of squared gradients. Duchi et al. 2011.
struct adagrad {
  using recipe = expr::recipe_of<update_functions::adagrad>;
  double learning_rate = 0.01, learning_rate_decay = 0, epsilon = 1e-10, weight_decay = 0;
  template <class Rule = adagrad> static constexpr auto settings() {
    return std::array{train::setting_at<&Rule::learning_rate>("learning_rate", train::above_zero),
                      train::setting_at<&Rule::learning_rate_decay>("learning_rate_decay", train::zero_or_more),
                      train::setting_at<&Rule::epsilon>("epsilon", train::zero_or_more),
                      train::setting_at<&Rule::weight_decay>("weight_decay", train::zero_or_more)};
  }
  template <class Rule = adagrad> [[nodiscard]] constexpr double setting(std::string_view name) const {
    return train::setting_of<Rule>(*this, name);
  }
};

/// Steps divided by the root of a running mean of squared gradients. Hinton 2012.
struct rmsprop {
  using recipe = expr::recipe_of<update_functions::rmsprop>;
  double learning_rate = 0.01, smoothing = 0.99, epsilon = 1e-8, momentum = 0, weight_decay = 0;
  template <class Rule = rmsprop> static constexpr auto settings() {
    return std::array{train::setting_at<&Rule::learning_rate>("learning_rate", train::above_zero),
                      train::setting_at<&Rule::smoothing>("smoothing", train::below_one),
                      train::setting_at<&Rule::epsilon>("epsilon", train::zero_or_more),
                      train::setting_at<&Rule::momentum>("momentum", train::below_one),
                      train::setting_at<&Rule::weight_decay>("weight_decay", train::zero_or_more)};
  }
  template <class Rule = rmsprop> [[nodiscard]] constexpr double setting(std::string_view name) const {
    return train::setting_of<Rule>(*this, name);
  }
};

namespace detail {
/// What Adam and AdamW have in common.
template <class Rule> constexpr auto adam_settings() {
  return std::array{train::setting_at<&Rule::learning_rate>("learning_rate", train::above_zero),
                    train::setting_at<&Rule::beta1>("beta1", train::below_one),
                    train::setting_at<&Rule::beta2>("beta2", train::below_one),
                    train::setting_at<&Rule::epsilon>("epsilon", train::zero_or_more),
                    train::setting_at<&Rule::weight_decay>("weight_decay", train::zero_or_more)};
}
} // namespace detail

/// Running means of gradient and squared gradient, corrected for their start at zero. Kingma and Ba 2015.
struct adam {
  using recipe = expr::recipe_of<update_functions::adam>;
  double learning_rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
  template <class Rule = adam> static constexpr auto settings() { return detail::adam_settings<Rule>(); }
  template <class Rule = adam> [[nodiscard]] constexpr double setting(std::string_view name) const {
    return train::setting_of<Rule>(*this, name);
  }
};

/// Adam with weight decay apart from the gradient. Loshchilov and Hutter 2019.
struct adamw {
  using recipe = expr::recipe_of<update_functions::adamw>;
  double learning_rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0.01;
  template <class Rule = adamw> static constexpr auto settings() { return detail::adam_settings<Rule>(); }
  template <class Rule = adamw> [[nodiscard]] constexpr double setting(std::string_view name) const {
    return train::setting_of<Rule>(*this, name);
  }
};

/// Adam whose step for a weight never grows again. Reddi, Kale and Kumar 2018.
struct amsgrad {
  using recipe = expr::recipe_of<update_functions::amsgrad>;
  double learning_rate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0;
  template <class Rule = amsgrad> static constexpr auto settings() { return detail::adam_settings<Rule>(); }
  template <class Rule = amsgrad> [[nodiscard]] constexpr double setting(std::string_view name) const {
    return train::setting_of<Rule>(*this, name);
  }
};

/// Adam with Nesterov's momentum. Dozat 2016.
struct nadam {
  using recipe = expr::recipe_of<update_functions::nadam>;
  double learning_rate = 0.002, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weight_decay = 0, momentum_decay = 0.004;
  template <class Rule = nadam> static constexpr auto settings() {
    return std::array{train::setting_at<&Rule::learning_rate>("learning_rate", train::above_zero),
                      train::setting_at<&Rule::beta1>("beta1", train::below_one),
                      train::setting_at<&Rule::beta2>("beta2", train::below_one),
                      train::setting_at<&Rule::epsilon>("epsilon", train::zero_or_more),
                      train::setting_at<&Rule::weight_decay>("weight_decay", train::zero_or_more),
                      train::setting_at<&Rule::momentum_decay>("momentum_decay", train::zero_or_more)};
  }
  template <class Rule = nadam> [[nodiscard]] constexpr double setting(std::string_view name) const {
    return train::setting_of<Rule>(*this, name);
  }
};

/// Steps of one size in the direction of a running mean's sign; wants a learning rate of a third to a tenth of AdamW's.
/// Chen et al. 2023.
struct lion {
  using recipe = expr::recipe_of<update_functions::lion>;
  double learning_rate = 0.0001, beta1 = 0.9, beta2 = 0.99, weight_decay = 0;
  template <class Rule = lion> static constexpr auto settings() {
    return std::array{train::setting_at<&Rule::learning_rate>("learning_rate", train::above_zero),
                      train::setting_at<&Rule::beta1>("beta1", train::below_one),
                      train::setting_at<&Rule::beta2>("beta2", train::below_one),
                      train::setting_at<&Rule::weight_decay>("weight_decay", train::zero_or_more)};
  }
  template <class Rule = lion> [[nodiscard]] constexpr double setting(std::string_view name) const {
    return train::setting_of<Rule>(*this, name);
  }
};

} // namespace fusegrad
