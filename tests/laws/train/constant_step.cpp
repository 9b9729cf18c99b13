// SPDX-License-Identifier: MIT
#include "laws/models.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fusegrad/layer/attention.hpp>
#include <fusegrad/model/network_plan.hpp>
#include <fusegrad/train/equation.hpp>
#include <fusegrad/train/several_losses.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <span>

namespace {

template <class Model, class T> struct state_after_steps {
  static constexpr std::size_t size = Model::parameter_count();
  std::array<T, size> weights{}, first_weights{};
  double loss = 0;
};

/// Three steps of training from the same start, in a constant expression or at run time: forward, backward and update,
/// whole.
template <class T, class Model, class Loss, class Rule, std::size_t Inputs, class Target, std::size_t Targets>
constexpr state_after_steps<Model, T> train_a_little(const Model& model, const Loss& loss, const Rule& rule,
                                                     const std::array<T, Inputs>& inputs,
                                                     const std::array<Target, Targets>& targets) {
  constexpr std::size_t count = Inputs / Model::input_size();
  const auto samples = [&] {
    if constexpr (Targets == 0)
      return fg::sample_view<T>(std::span<const T>(inputs), Model::input_size());
    else if constexpr (std::is_same_v<Target, std::int32_t>)
      return fg::labelled<T>(inputs, Model::input_size(), targets);
    else
      return fg::with_targets<T>(inputs, Model::input_size(), targets, Model::output_size());
  }();
  std::array<std::uint32_t, count> indices{};
  for (std::uint32_t i = 0; i < count; ++i) indices[i] = i;
  fg::trainer<Model, Loss, Rule, T> trainer(model, loss, rule, {.seed = 4, .largest_batch = count, .threads = 1});
  state_after_steps<Model, T> out;
  const auto read = [&](std::array<T, Model::parameter_count()>& to) {
    const auto packed = trainer.parameters().packed();
    std::size_t next = 0;
    // Row-major, the padding left out, in the order of the layers.
    for (const fg::execution::parameter_place& p :
         fg::plan::compiled<Model, fg::plan::no_loss, fg::plan::purpose::predict, T>::value.parameters)
      for (std::size_t o = 0; o < p.out; ++o)
        for (std::size_t i = 0; i < p.in; ++i) to[next++] = packed[fg::execution::packed_index<T>(p, o, i)];
  };
  read(out.first_weights);
  for (int step = 0; step < 3; ++step) out.loss = trainer.step(samples, indices).loss;
  read(out.weights);
  return out;
}

template <std::size_t N, class T> constexpr bool differ(const std::array<T, N>& a, const std::array<T, N>& b) {
  for (std::size_t i = 0; i < N; ++i)
    if (a[i] != b[i]) return true;
  return false;
}

/// The stated tolerance, relative to the weight or to 0.1 where that is more: constant expressions round products twice
/// where the target fuses them with sums, and have their own order of summation. 1e-6 for float, 1e-12 for double.
template <class State, class T> void check_agreement(const State& constant, const State& found, T tolerance) {
  BOOST_TEST(std::abs(found.loss - constant.loss) <= static_cast<double>(tolerance) * (1 + std::abs(constant.loss)));
  for (std::size_t i = 0; i < State::size; ++i) {
    BOOST_TEST(std::abs(found.first_weights[i] - constant.first_weights[i]) <=
               tolerance * std::abs(constant.first_weights[i]));
    BOOST_TEST(std::abs(found.weights[i] - constant.weights[i]) <=
                   tolerance * std::max(T(0.1), std::abs(constant.weights[i])),
               "weight " << i << ": " << found.weights[i] << ", in a constant expression " << constant.weights[i]);
  }
}

constexpr fg::momentum_sgd descent{.learning_rate = 0.1};
constexpr fg::adam moments{.learning_rate = 0.01};

constexpr auto regression = fg::input<2> | fg::dense<3> | fg::tanh | fg::dense<1>;
template <class T> constexpr std::array<T, 8> xor_inputs{0, 0, 0, 1, 1, 0, 1, 1};
template <class T> constexpr std::array<T, 4> xor_targets{0, 1, 1, 0};

constexpr auto attention = fg::input<2, 2> | fg::self_attention<2>.causal() | fg::flatten | fg::dense<1>;
template <class T> constexpr std::array<T, 2> two_targets{1, -1};

constexpr auto classifier = fg::input<3> | fg::dense<4> | fg::sigmoid | fg::residual(fg::dense<4>) | fg::dense<3>;
template <class T>
constexpr std::array<T, 15> points{T(.1),  T(-.4), T(.9), T(1.2), T(.3), T(-.7), T(-.5), T(.5),
                                   T(.25), T(2),   T(0),  T(-1),  T(.7), T(.6),  T(.5)};
constexpr std::array<std::int32_t, 5> classes{0, 2, 1, 1, 2};

constexpr auto regression_in_float =
    train_a_little(regression, fg::mean_squared_error, descent, xor_inputs<float>, xor_targets<float>);
constexpr auto regression_in_double =
    train_a_little(regression, fg::mean_squared_error, descent, xor_inputs<double>, xor_targets<double>);
static_assert(differ(regression_in_float.weights, regression_in_float.first_weights));
static_assert(regression_in_float.loss > 0 && regression_in_float.loss < 1);

constexpr auto attention_in_double =
    train_a_little(attention, fg::mean_squared_error, descent, xor_inputs<double>, two_targets<double>);
static_assert(differ(attention_in_double.weights, attention_in_double.first_weights));

constexpr auto classifier_in_float =
    train_a_little(classifier, fg::softmax_cross_entropy, moments, points<float>, classes);
constexpr auto classifier_in_double =
    train_a_little(classifier, fg::softmax_cross_entropy, moments, points<double>, classes);
static_assert(differ(classifier_in_float.weights, classifier_in_float.first_weights));
static_assert(classifier_in_double.loss > 0 && classifier_in_double.loss < 3);

// Shares of three classes, then a number.
constexpr auto heads = fg::input<3> | fg::dense<4> | fg::tanh | fg::branch(fg::dense<3>, fg::dense<1>);
constexpr auto of_both = fg::losses(fg::softmax_cross_entropy, 0.5 * fg::huber);
constexpr std::array<double, 20> asked{1, 0, 0, .3, 0, 1, 0, -2, .2, .3, .5, 0, 0, 0, 1, .7, .5, .5, 0, 1};
constexpr auto heads_in_double = train_a_little(heads, of_both, descent, points<double>, asked);
static_assert(differ(heads_in_double.weights, heads_in_double.first_weights));

// u_t + u u_x = u_xx / 10: the residual of an equation, its second derivative and a step on it, while compiling.
constexpr auto wave = fg::input<2> | fg::dense<3> | fg::tanh | fg::dense<1>;
constexpr auto burgers = fg::equation([](auto u, auto x, auto t) { return d(u, t) + u * d(u, x) - 0.1 * d(u, x, x); });
constexpr auto wave_in_double = train_a_little(wave, burgers, moments, xor_inputs<double>, std::array<double, 0>{});
static_assert(differ(wave_in_double.weights, wave_in_double.first_weights));
static_assert(wave_in_double.loss > 0 && wave_in_double.loss < 10);

} // namespace

BOOST_AUTO_TEST_SUITE(constant_step)

BOOST_AUTO_TEST_CASE(regression_agrees_with_run_time) {
  check_agreement(regression_in_float,
                  train_a_little(regression, fg::mean_squared_error, descent, xor_inputs<float>, xor_targets<float>),
                  1e-6f);
  check_agreement(regression_in_double,
                  train_a_little(regression, fg::mean_squared_error, descent, xor_inputs<double>, xor_targets<double>),
                  1e-12);
}

BOOST_AUTO_TEST_CASE(attention_agrees_with_run_time) {
  check_agreement(attention_in_double,
                  train_a_little(attention, fg::mean_squared_error, descent, xor_inputs<double>, two_targets<double>),
                  1e-12);
}

BOOST_AUTO_TEST_CASE(classification_agrees_with_run_time) {
  check_agreement(classifier_in_float,
                  train_a_little(classifier, fg::softmax_cross_entropy, moments, points<float>, classes), 1e-6f);
  check_agreement(classifier_in_double,
                  train_a_little(classifier, fg::softmax_cross_entropy, moments, points<double>, classes), 1e-12);
}

BOOST_AUTO_TEST_CASE(two_losses_agree_with_run_time) {
  check_agreement(heads_in_double, train_a_little(heads, of_both, descent, points<double>, asked), 1e-12);
}

BOOST_AUTO_TEST_CASE(an_equation_agrees_with_run_time) {
  check_agreement(wave_in_double, train_a_little(wave, burgers, moments, xor_inputs<double>, std::array<double, 0>{}),
                  1e-12);
}

BOOST_AUTO_TEST_SUITE_END()
