// SPDX-License-Identifier: MIT
#pragma once

#include "digits_nets.hpp"

#include <algorithm>
#include <chrono>
#include <fusegrad/base/random.hpp>
#include <fusegrad/training.hpp>

// What the files that make nets for digits share: each of them instantiates trainers.
namespace study {

template <const auto& Activation> auto digits_trainer(const digits_recipe& how) {
  namespace fg = fusegrad;
  constexpr auto model = fg::input<64> | fg::dense<32> | Activation | fg::dense<32> | Activation | fg::dense<10>;
  // Adam that divides by a constant instead of by the deviation of the gradient is gradient descent with momentum: one
  // type for both.
  const double constant = how.rule == update::momentum ? 1e6 : 1e-8;
  const double rate = how.rule == update::momentum ? how.learning_rate * constant : how.learning_rate;
  return fg::trainer{model, fg::softmax_cross_entropy, fg::adam{.learning_rate = rate, .epsilon = constant},
                     fg::training_options<float>{.seed = how.seed, .largest_batch = 32, .threads = 1}};
}

/// Batches of 32 in a new order in each epoch; what is left over at its end waits for the next.
class digits_batches {
public:
  digits_batches(std::size_t samples, std::uint64_t seed)
      : samples_{static_cast<std::uint32_t>(samples)}, seed_{seed} {}

  std::span<const std::uint32_t> next() {
    if (at_ + 32 > order_.size()) {
      order_ = fusegrad::base::permutation(samples_, seed_, epoch_++);
      at_ = 0;
    }
    at_ += 32;
    return std::span<const std::uint32_t>(order_).subspan(at_ - 32, 32);
  }

private:
  std::uint32_t samples_;
  std::uint64_t seed_, epoch_ = 0;
  std::size_t at_ = 0;
  std::vector<std::uint32_t> order_;
};

template <class Trainer>
void look_at_digits(const Trainer& net, const digits_samples& samples, std::size_t step, digits_curve& curve) {
  const auto held_back = net.evaluate(samples.validation);
  curve.steps.push_back(static_cast<double>(step));
  curve.loss.push_back(net.evaluate(samples.train).loss);
  curve.validation_loss.push_back(held_back.loss);
  curve.validation_accuracy.push_back(held_back.accuracy);
}

template <const auto& Activation>
digits_curve train_on_digits(const digits_samples& samples, const digits_recipe& how) {
  auto net = digits_trainer<Activation>(how);
  digits_batches order(samples.train.size(), how.seed);
  digits_curve curve;
  look_at_digits(net, samples, 0, curve);
  for (std::size_t step = 1, next_look = 4; step <= how.steps; ++step) {
    net.step(samples.train, order.next());
    if (step != next_look && step != how.steps) continue;
    look_at_digits(net, samples, step, curve);
    next_look = step + std::max<std::size_t>(4, step / 12);
  }
  curve.test_accuracy = net.evaluate(samples.test).accuracy;
  return curve;
}

template <const auto& Activation> double microseconds_of_a_step(const images& samples, int steps) {
  using clock = std::chrono::steady_clock;
  auto net = digits_trainer<Activation>({});
  digits_batches order(samples.size(), 0);
  const auto run = [&](int count) {
    for (int i = 0; i < count; ++i) net.step(samples, order.next());
  };
  run(steps / 8);
  const auto start = clock::now();
  run(steps);
  return std::chrono::duration<double, std::micro>(clock::now() - start).count() / steps;
}

template <const auto& Activation> constexpr digits_net digits_net_of(std::string_view name) {
  return {name, train_on_digits<Activation>, microseconds_of_a_step<Activation>};
}

} // namespace study
