// SPDX-License-Identifier: MIT
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <fusegrad/train/updater.hpp>

#include "support/exchange.hpp"

#include <limits>

namespace {

namespace fg = fusegrad;

// Wide enough for two stretches of an update, and no multiple of a vector.
constexpr auto model = fg::input<33> | fg::dense<70>;
using model_type = std::remove_cv_t<decltype(model)>;
using loss_type = std::remove_cv_t<decltype(fg::mean_squared_error)>;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// Steps before which the bias is not trained, of a rule with groups.
constexpr std::size_t steps_without_bias = 20;

/// Feeds the recorded gradients to an update rule and writes the weights it ends with. With `groups` the weight has a
/// rate of its own, and the bias is frozen at first.
template <class T, class Rule>
void run(parity::exchange& io, const char* name, Rule rule, fg::train::clipping clip = {infinity, infinity},
         bool scheduled = false, bool groups = false) {
  using compiled = fg::plan::compiled<model_type, loss_type, fg::plan::purpose::train, T>;
  fg::weights<model_type, T> weights, gradient;
  weights.write("0.weight", io.numbers<T>("weight"));
  weights.write("0.bias", io.numbers<T>("bias"));
  const auto factors = io.numbers<double>("rate_factors");
  fg::train::updater<compiled, Rule, loss_type, T> updater{rule};
  if (groups) updater.rates().set_rate(0, 2, 0.3);
  for (std::size_t step = 0; step < factors.size(); ++step) {
    if (groups) updater.rates().set_frozen(1, 2, step < steps_without_bias);
    gradient.write("0.weight", io.numbers<T>("gradient.weight." + std::to_string(step)));
    gradient.write("0.bias", io.numbers<T>("gradient.bias." + std::to_string(step)));
    updater.begin_steps(scheduled ? factors[step] : 1, clip);
    updater.begin_step();
    typename fg::train::updater<compiled, Rule, loss_type, T>::template application<> update{updater, weights.packed(),
                                                                                             gradient.packed()};
    update.finish(fg::execution::member{}, false,
                  [&](std::size_t begin, std::size_t, T*) { return gradient.packed().data() + begin; });
  }
  io.write(parity::prefix<T>() + name + ".weight", weights.read("0.weight"));
  io.write(parity::prefix<T>() + name + ".bias", weights.read("0.bias"));
}

/// The settings are those of update_rules.py.
template <class T> void run_all(parity::exchange& io) {
  run<T>(io, "sgd", fg::sgd{0.05, 0});
  run<T>(io, "sgd_decay", fg::sgd{0.05, 0.1});
  run<T>(io, "momentum", fg::momentum_sgd{0.05, 0.9, 0, 0, false});
  run<T>(io, "momentum_dampened", fg::momentum_sgd{0.05, 0.8, 0.3, 0.1, false});
  run<T>(io, "nesterov", fg::momentum_sgd{0.05, 0.9, 0, 0.1, true});
  run<T>(io, "adagrad", fg::adagrad{});
  run<T>(io, "adagrad_decay", fg::adagrad{0.1, 0.05, 1e-8, 0.1});
  run<T>(io, "rmsprop", fg::rmsprop{});
  run<T>(io, "rmsprop_momentum", fg::rmsprop{0.005, 0.9, 1e-6, 0.8, 0.1});
  run<T>(io, "adam", fg::adam{});
  run<T>(io, "adam_decay", fg::adam{0.01, 0.8, 0.99, 1e-6, 0.1});
  run<T>(io, "adamw", fg::adamw{});
  run<T>(io, "adamw_decay", fg::adamw{0.01, 0.8, 0.99, 1e-6, 0.1});
  run<T>(io, "amsgrad", fg::amsgrad{});
  run<T>(io, "amsgrad_decay", fg::amsgrad{0.01, 0.8, 0.99, 1e-6, 0.1});
  run<T>(io, "nadam", fg::nadam{});
  run<T>(io, "nadam_decay", fg::nadam{0.01, 0.8, 0.99, 1e-6, 0.1, 0.01});
  run<T>(io, "lion", fg::lion{});
  run<T>(io, "lion_decay", fg::lion{0.01, 0.8, 0.95, 0.1});
  run<T>(io, "adam_scheduled", fg::adam{}, {infinity, infinity}, true);
  run<T>(io, "momentum_clip_norm", fg::momentum_sgd{}, {2.5, infinity});
  run<T>(io, "momentum_clip_value", fg::momentum_sgd{}, {infinity, 0.7});
  const auto in_groups = [&](const char* name, auto rule, fg::train::clipping clip = {}) {
    run<T>(io, name, rule, clip, false, true);
  };
  in_groups("sgd_decay_groups", fg::sgd{0.05, 0.1});
  in_groups("nesterov_groups", fg::momentum_sgd{0.05, 0.9, 0, 0.1, true});
  in_groups("adagrad_decay_groups", fg::adagrad{0.1, 0.05, 1e-8, 0.1});
  in_groups("adam_groups", fg::adam{});
  in_groups("adamw_decay_groups", fg::adamw{0.01, 0.8, 0.99, 1e-6, 0.1});
  in_groups("nadam_decay_groups", fg::nadam{0.01, 0.8, 0.99, 1e-6, 0.1, 0.01});
  in_groups("momentum_groups_clip_norm", fg::momentum_sgd{}, {2.5, infinity});
  in_groups("momentum_groups_clip_value", fg::momentum_sgd{}, {infinity, 0.7});
}

} // namespace

int main(int count, char** arguments) {
  parity::exchange io(count, arguments);
  run_all<float>(io);
  run_all<double>(io);
}
