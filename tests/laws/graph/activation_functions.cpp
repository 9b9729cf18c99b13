// SPDX-License-Identifier: MIT
#include <fusegrad/layer/catalogue.hpp>

#include "laws/evaluate_node.hpp"
#include "laws/expr/near.hpp"

#include <boost/test/unit_test.hpp>

#include <fusegrad/start/gain.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

// Each activation as a function: its value against the standard library's functions, its derivative against dual
// numbers and differences, float against double, a constant expression against run time.
namespace {

namespace fg = fusegrad;
using namespace fusegrad::test;

template <class Activation> fg::expr::expression expression_of() {
  return fg::expr::recording_of<typename Activation::recipe, 1>().body;
}

template <class R> R plainly(const fg::expr::expression& f, const std::vector<double>& leaves, R x) {
  std::vector<R> arguments{x};
  for (double leaf : leaves) arguments.push_back(R(leaf));
  return evaluate_plainly(f, arguments)[0];
}

bool is_surrogate(const fg::expr::expression& f) {
  for (const fg::expr::node& n : f.nodes)
    if (n.op == fg::expr::operation::surrogate) return true;
  return false;
}

/// A difference tells the slope where the function is smooth nearby; a kink in between shows in unequal sides.
void check_difference(const std::string& name, const fg::expr::expression& f, const std::vector<double>& leaves,
                      double x, double slope) {
  const double h = 1e-5;
  const double left = (plainly(f, leaves, x) - plainly(f, leaves, x - h)) / h,
               right = (plainly(f, leaves, x + h) - plainly(f, leaves, x)) / h;
  if (std::abs(left - right) > 1e-3) return;
  check_near(slope, 0.5 * (left + right), 1e-6, (name + " against differences").c_str(), x);
}

constexpr std::array fixed_points{-30.0, -2.5, -1.0, -0.3, -0.0, 0.0, 0.4, 1.0, 3.0, 6.0, 30.0};

template <class Activation> void check_activation(const std::string& name, const Activation& value) {
  constexpr auto slope = fg::derivative(Activation{});
  const fg::expr::expression f = expression_of<Activation>();
  std::vector<double> leaves;
  for (const auto& leaf : fg::expr::leaves_of<typename Activation::recipe, 1>()) leaves.push_back(leaf.initial);

  points at(-8, 8);
  for (int i = 0; i < 200; ++i) {
    const double x = at.next();
    check_near(value(x), plainly(f, leaves, x), 1e-14, name.c_str(), x);
    check_near(slope(x), plainly(f, leaves, variable(x)).slope, 1e-12, (name + "'s derivative").c_str(), x);
    if (!is_surrogate(f)) check_difference(name, f, leaves, x, slope(x));
    const auto single = static_cast<float>(x);
    check_near(value(single), value(static_cast<double>(single)), 2e-6, (name + " in float").c_str(), x);
    check_near(slope(single), slope(static_cast<double>(single)), 1e-5, (name + "'s derivative in float").c_str(), x);
  }

  constexpr auto constants = [] {
    std::array<double, 2 * fixed_points.size()> out{};
    for (std::size_t i = 0; i < fixed_points.size(); ++i) {
      out[2 * i] = Activation{}(fixed_points[i]);
      out[2 * i + 1] = fg::derivative(Activation{})(fixed_points[i]);
    }
    return out;
  }();
  for (std::size_t i = 0; i < fixed_points.size(); ++i) {
    check_near(constants[2 * i], value(fixed_points[i]), 1e-14, (name + " as a constant").c_str(), fixed_points[i]);
    check_near(constants[2 * i + 1], slope(fixed_points[i]), 1e-14, (name + "'s derivative as a constant").c_str(),
               fixed_points[i]);
  }
}

/// The gain against a plain sum over 18,000 midpoints of equal steps, on whose ends all kinks of the catalogue fall.
template <class Activation> void check_gain(const std::string& name, const Activation& value) {
  constexpr auto slope = fg::derivative(Activation{});
  double signal = 0, gradient = 0;
  for (int i = 0; i < 18'000; ++i) {
    const double z = -9 + 0.001 * (i + 0.5),
                 weight = 0.001 * std::exp(-0.5 * z * z) / std::sqrt(2 * 3.14159265358979324);
    signal += weight * value(z) * value(z);
    gradient += weight * slope(z) * slope(z);
  }
  check_near(fg::gain(value), 1 / std::sqrt(signal), 1e-6, (name + "'s gain").c_str(), 0);
  check_near(fg::gain(value, fg::keep::gradient), 1 / std::sqrt(gradient), 1e-6,
             (name + "'s gain of the gradient").c_str(), 0);
  check_near(fg::gain(value, fg::keep::both), std::sqrt(2 / (signal + gradient)), 1e-6,
             (name + "'s gain of both").c_str(), 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(laws_of_activation_functions)

BOOST_AUTO_TEST_CASE(values_and_derivatives) {
  fg::for_each_activation(
      [](std::string_view name, const auto& activation) { check_activation(std::string(name), activation); });
}

BOOST_AUTO_TEST_CASE(gains) {
  fg::for_each_activation(
      [](std::string_view name, const auto& activation) { check_gain(std::string(name), activation); });
}

/// No gradients, so no difference could confirm them. What they promise: the value of one, the derivative of the other.
BOOST_AUTO_TEST_CASE(surrogates_keep_their_promise) {
  const auto check = [](const char* name, const auto& surrogate, const auto& value, const auto& derivative_of) {
    points at(-8, 8);
    for (int i = 0; i < 200; ++i) {
      const double x = i == 0 ? 0.0 : at.next();
      BOOST_TEST(surrogate(x) == value(x), name << " at " << x);
      BOOST_TEST(fg::derivative(surrogate)(x) == fg::derivative(derivative_of)(x), name << " at " << x);
    }
  };
  constexpr auto sign_of = fg::function([](auto x) { return sign(x); });
  constexpr auto step = fg::function([](auto x) { return x > 0; });
  check("necro_relu", fg::necro_relu<0.1>, fg::relu, fg::leaky_relu<0.1>);
  check("sign, straight through", fg::surrogate(sign_of, fg::identity), sign_of, fg::identity);
  check("sign, within a window", fg::surrogate(sign_of, fg::hard_tanh), sign_of, fg::hard_tanh);
  check("step", fg::surrogate(step, fg::sigmoid), step, fg::sigmoid);
  check("tanh with a parabola", fg::surrogate(fg::tanh, [](auto x) { return x - x * x * x / 3; }), fg::tanh,
        fg::function([](auto x) { return x - x * x * x / 3; }));
}

BOOST_AUTO_TEST_CASE(slope_at_zero_is_chosen) {
  BOOST_TEST(fg::derivative(fg::relu)(0.0) == 0);
  BOOST_TEST(fg::derivative(fg::relu_with_slope_at_zero<0>)(0.0) == 0);
  for (double zero : {0.0, -0.0}) BOOST_TEST(fg::derivative(fg::relu_with_slope_at_zero<1>)(zero) == 1);
  static_assert(std::is_same_v<decltype(fg::relu_with_slope_at_zero<0>), decltype(fg::relu)>);
}

BOOST_AUTO_TEST_SUITE_END()
