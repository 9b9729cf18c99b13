// SPDX-License-Identifier: MIT
#pragma once

#include "digits_nets.hpp"

#include <chrono>
#include <fusegrad/base/random.hpp>
#include <fusegrad/training.hpp>

namespace study {

inline constexpr std::size_t digits_batch = 32;

template <std::size_t Inputs, const auto& Activation> auto digits_trainer(const digits_recipe& how) {
  namespace fg = fusegrad;
  constexpr auto model = fg::input<Inputs> | fg::dense<32> | Activation | fg::dense<32> | Activation | fg::dense<10>;
  // Adam that divides by a constant instead of by the deviation of the gradient is gradient descent with momentum: one type for both.
  const double constant = how.rule == update::momentum ? 1e6 : 1e-8;
  const double rate = how.rule == update::momentum ? how.learning_rate * constant : how.learning_rate;
  return fg::trainer{model, fg::softmax_cross_entropy, fg::adam{.learning_rate = rate, .epsilon = constant},
                     fg::training_options<float>{.seed = how.seed, .largest_batch = digits_batch, .threads = 1}};
}

template <std::size_t Inputs, const auto& Activation>
digits_curve train_on_digits(const digits_samples& samples, const digits_recipe& how) {
  auto net = digits_trainer<Inputs, Activation>(how);
  digits_curve curve;
  const auto look = [&] {
    curve.loss.push_back(net.evaluate(samples.train).loss);
    const auto held_back = net.evaluate(samples.validation);
    curve.validation_loss.push_back(held_back.loss);
    curve.validation_accuracy.push_back(held_back.accuracy);
  };
  look();
  const auto count = static_cast<std::uint32_t>(samples.train.size());
  for (std::size_t epoch = 0; epoch < how.epochs; ++epoch) {
    const std::vector<std::uint32_t> order = fusegrad::base::permutation(count, how.seed, epoch);
    for (std::size_t first = 0; first + digits_batch <= count; first += digits_batch)
      net.step(samples.train, std::span(order).subspan(first, digits_batch));
    look();
  }
  curve.test_accuracy = net.evaluate(samples.test).accuracy;
  return curve;
}

template <std::size_t Inputs, const auto& Activation> double microseconds_of_a_step(const images& samples, int steps) {
  using clock = std::chrono::steady_clock;
  auto net = digits_trainer<Inputs, Activation>({});
  const std::vector<std::uint32_t> order = fusegrad::base::permutation(static_cast<std::uint32_t>(samples.size()), 0);
  const std::size_t batches = order.size() / digits_batch;
  const auto run = [&](int count) {
    for (int i = 0; i < count; ++i)
      net.step(samples, std::span(order).subspan(static_cast<std::size_t>(i) % batches * digits_batch, digits_batch));
  };
  run(steps / 8);
  const auto start = clock::now();
  run(steps);
  return std::chrono::duration<double, std::micro>(clock::now() - start).count() / steps;
}

template <std::size_t Inputs, const auto& Activation> constexpr digits_net digits_net_of(std::string_view name) {
  return {name, train_on_digits<Inputs, Activation>, microseconds_of_a_step<Inputs, Activation>};
}

} // namespace study
