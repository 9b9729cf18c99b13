// SPDX-License-Identifier: MIT
#include <fusegrad/function/iterate.hpp>

#include <fusegrad/function/sum_over.hpp>
#include <unit/function/checks.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <initializer_list>
#include <tuple>
#include <vector>

namespace {

namespace fg = fusegrad;
using function_checks::message_of;
using function_checks::random_numbers;

// Powers and sums of small whole numbers are exact.
constexpr auto doubled = [](auto x, auto a) { return a * x; };
constexpr auto last = [](auto x, auto) { return 3 * x; };
static_assert(fg::iterate(doubled, 5)(1.0, 2.0) == 32);
static_assert(fg::iterate(doubled, 5).value_and_gradient(last, 1.0, 2.0) == std::tuple(96.0, 96.0, 240.0));
static_assert(fg::iterate(doubled, 5).with_checkpoints().value_and_gradient(last, 1.0, 2.0) ==
              std::tuple(96.0, 96.0, 240.0));
static_assert(fg::iterate(doubled, 0).value_and_gradient(last, 7.0, 2.0) == std::tuple(21.0, 3.0, 0.0));

/// The classical Runge-Kutta step of a swinging pendulum with friction.
constexpr auto pendulum = [](auto y, auto friction, auto h) {
  const auto slope = [&](auto at) { return std::array{at[1], -sin(at[0]) - friction * at[1]}; };
  const auto moved = [&](auto by, auto t) { return std::array{y[0] + t * by[0], y[1] + t * by[1]}; };
  const auto k1 = slope(y), k2 = slope(moved(k1, h / 2)), k3 = slope(moved(k2, h / 2)), k4 = slope(moved(k3, h));
  for (std::size_t i = 0; i < 2; ++i) y[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  return y;
};
constexpr auto energy = [](auto y, auto friction, auto) { return y[1] * y[1] / 2 - cos(y[0]) + friction * 0.5; };

constexpr auto filter = [](auto level, auto noise, auto weight, auto phi, auto gains) {
  return fg::values(phi * level[0] + gains[0] * noise * weight[0], tanh(level[1] + gains[1] * level[0] * weight[1]));
};
constexpr auto level_of = [](auto level, auto phi, auto) { return level[0] * phi + level[1] * level[1]; };

BOOST_AUTO_TEST_SUITE(function_iterate)

BOOST_AUTO_TEST_CASE(an_orbit_and_its_gradient) {
  for (std::size_t n : std::initializer_list<std::size_t>{0, 1, 2, 3, 10, 1000}) {
    std::array<double, 2> y{1.2, -0.3};
    double friction = 0.1, h = 0.01;
    const auto run = fg::iterate(pendulum, n);
    const auto loss = [&] {
      const auto end = run(y, friction, h);
      return end[1] * end[1] / 2 - std::cos(end[0]) + friction * 0.5;
    };
    const auto got = run.value_and_gradient(energy, y, friction, h);
    const auto& [energy_at_end, by_y, by_friction, by_h] = got;
    BOOST_TEST(energy_at_end == loss(), boost::test_tools::tolerance(1e-14));
    BOOST_TEST(std::fabs(by_y[0] - function_checks::slope(y[0], loss)) < 1e-8);
    BOOST_TEST(std::fabs(by_y[1] - function_checks::slope(y[1], loss)) < 1e-8);
    BOOST_TEST(std::fabs(by_friction - function_checks::slope(friction, loss)) < 1e-7);
    BOOST_TEST(std::fabs(by_h - function_checks::slope(h, loss)) < 1e-4 * (1 + std::fabs(by_h)));
    BOOST_TEST((run.with_checkpoints().value_and_gradient(energy, y, friction, h) == got));
  }
}

template <class T> void check_inputs(double tolerance, double step) {
  for (std::size_t n : std::initializer_list<std::size_t>{0, 1, 5, 300}) {
    auto noise = random_numbers<double>(n, 1), weight = random_numbers<double>(2 * n, 2);
    std::array<double, 2> level{0.2, -0.1}, gains{0.7, 0.4};
    double phi = 0.9;
    const auto loss = [&] {
      double a = level[0], b = level[1];
      for (std::size_t i = 0; i < n; ++i) {
        const double next = phi * a + gains[0] * noise[i] * weight[2 * i];
        b = std::tanh(b + gains[1] * a * weight[2 * i + 1]), a = next;
      }
      return a * phi + b * b;
    };
    const std::vector<T> noise_t(noise.begin(), noise.end()), weight_t(weight.begin(), weight.end());
    std::vector<T> by_noise(n, T{7}), by_weight(2 * n, T{7}), again(n);
    const auto columns =
        fg::columns(fg::with_gradient(noise_t, by_noise), fg::with_gradient(fg::row_major<2>(weight_t), by_weight));
    const std::array<T, 2> level_t{T(level[0]), T(level[1])}, gains_t{T(gains[0]), T(gains[1])};
    const auto run = fg::iterate(filter, columns);
    const auto got = run.value_and_gradient(level_of, level_t, T(phi), gains_t);
    const auto& [value, by_level, by_phi, by_gains] = got;
    BOOST_TEST(std::fabs(value - loss()) < tolerance);
    BOOST_TEST(std::fabs(by_phi - function_checks::slope(phi, loss)) < step);
    for (std::size_t i = 0; i < 2; ++i) {
      BOOST_TEST(std::fabs(by_level[i] - function_checks::slope(level[i], loss)) < step);
      BOOST_TEST(std::fabs(by_gains[i] - function_checks::slope(gains[i], loss)) < step);
    }
    for (std::size_t i = 0; i < n; i += 7) {
      BOOST_TEST(std::fabs(by_noise[i] - function_checks::slope(noise[i], loss)) < step);
      BOOST_TEST(std::fabs(by_weight[2 * i] - function_checks::slope(weight[2 * i], loss)) < step);
      BOOST_TEST(std::fabs(by_weight[2 * i + 1] - function_checks::slope(weight[2 * i + 1], loss)) < step);
    }
    again = by_noise;
    BOOST_TEST((run.with_checkpoints().value_and_gradient(level_of, level_t, T(phi), gains_t) == got));
    BOOST_TEST((again == by_noise));
    // A constant first state has no entry; the others stay what they are.
    BOOST_TEST((run.value_and_gradient(level_of, fg::constant(level_t), T(phi), gains_t) ==
                std::tuple(value, by_phi, by_gains)));
  }
}
BOOST_AUTO_TEST_CASE(each_step_can_be_given_a_row) {
  check_inputs<double>(1e-12, 1e-7);
  check_inputs<float>(1e-5, 1e-4);
}

BOOST_AUTO_TEST_CASE(a_function_of_all_states) {
  // The states are rows of a sum; its derivatives by them go all the way back.
  const std::size_t n = 200;
  auto noise = random_numbers<double>(n, 3);
  std::vector<double> by_noise(n), levels(n), by_level(n);
  constexpr auto step = [](auto level, auto e, auto phi) { return phi * level + e; };
  constexpr auto term = fg::sum_over([](auto level, auto) { return square(sin(level)); });
  double start = 0.4, phi = 0.8;
  const auto run = fg::iterate(step, fg::columns(fg::with_gradient(noise, by_noise)));
  const auto value = [&] {
    run.states(levels, start, phi);
    return term(fg::columns(levels), phi);
  };
  BOOST_TEST(run.states(levels, start, phi) == levels.back());
  term.value_and_gradient(fg::columns(fg::with_gradient(levels, by_level)), phi);
  const auto [by_start, by_phi] = run.pull_back(levels, by_level, start, phi);
  BOOST_TEST(by_start == function_checks::slope(start, value), boost::test_tools::tolerance(1e-6));
  BOOST_TEST(by_phi == function_checks::slope(phi, value), boost::test_tools::tolerance(1e-6));
  for (std::size_t i = 0; i < n; i += 20)
    BOOST_TEST(std::fabs(by_noise[i] - function_checks::slope(noise[i], value)) < 1e-7);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_in_words) {
  std::vector<double> states(5);
  BOOST_TEST(message_of([&] { fg::iterate(doubled, -1); }) == "fusegrad: iterate: a negative number of steps");
  BOOST_TEST(message_of([&] { fg::iterate(doubled, 4).states(states, 1.0, 2.0); }) ==
             "fusegrad: iterate: the states have 5 numbers; 4 steps of 1 are needed");
  BOOST_TEST(message_of([&] { fg::iterate(doubled, 5).pull_back(states, std::vector<double>(4), 1.0, 2.0); }) ==
             "fusegrad: iterate: the derivatives by them have 4 numbers; 5 steps of 1 are needed");
}

BOOST_AUTO_TEST_SUITE_END()
} // namespace
