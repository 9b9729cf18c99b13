// SPDX-License-Identifier: MIT
#include <fusegrad/layer/catalogue.hpp>

#include "laws/graph/finite_numbers.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

// No activation, and no derivative of one, is NaN for a finite number, float or double.
namespace {

namespace fg = fusegrad;
using namespace fusegrad::test;

template <class T, class Activation> void check_numbers(const std::string& name) {
  static const std::vector<T> x = finite_numbers<T>();
  constexpr auto both = fg::function(value_and_slope<Activation>{});
  int failures = 0;
  T first = 0;
  for (T number : x) {
    const auto alone = both(number);
    if (has_nan(alone[0], alone[1]) && failures++ == 0) first = number;
  }
  BOOST_TEST(failures == 0,
             name << " or its derivative is NaN for " << failures << " numbers, for " << first << " first");
}

} // namespace

BOOST_AUTO_TEST_SUITE(laws_of_activation_extremes)

BOOST_AUTO_TEST_CASE(no_activation_is_nan_in_float) {
  fg::for_each_activation([]<class Activation>(std::string_view name, const Activation&) {
    check_numbers<float, Activation>(std::string(name));
  });
}
BOOST_AUTO_TEST_CASE(no_activation_is_nan_in_double) {
  fg::for_each_activation([]<class Activation>(std::string_view name, const Activation&) {
    check_numbers<double, Activation>(std::string(name));
  });
}

BOOST_AUTO_TEST_CASE(no_gradient_of_a_parameter_is_nan) {
  constexpr auto swish = fg::gradient([](auto x, auto beta) { return x * sigmoid(beta * x); });
  constexpr auto leaky = fg::gradient([](auto x, auto slope) { return max(x, 0) + slope * min(0, x); });
  static_assert(fg::function([](auto x) { return x * sigmoid(fg::parameter<"beta">(1) * x); }).table<> ==
                fg::learned_swish.table<>);
  int failures = 0;
  for (float x : finite_numbers<float>())
    for (float parameter : {0.0F, 1.0F, -2.0F, 0.25F, 1e30F}) {
      const auto by_swish = swish(x, parameter), by_leaky = leaky(x, parameter);
      failures += has_nan(by_swish[0], by_swish[1]) || has_nan(by_leaky[0], by_leaky[1]);
    }
  BOOST_TEST(failures == 0);
}

/// Far out each is what its definition says there, not merely some number.
BOOST_AUTO_TEST_CASE(limits_far_out) {
  for (float x : {1e3F, 1e30F, largest_float}) {
    BOOST_TEST(fg::silu(x) == x);
    BOOST_TEST(fg::silu(-x) == 0.0F);
    BOOST_TEST(fg::mish(x) == x);
    BOOST_TEST(fg::mish(-x) == 0.0F);
    BOOST_TEST(fg::gelu_tanh(x) == x);
    BOOST_TEST(fg::gelu_tanh(-x) == 0.0F);
    BOOST_TEST(fg::hard_swish(x) == x);
    BOOST_TEST(fg::hard_swish(-x) == 0.0F);
    BOOST_TEST(fg::softplus_with<3.0>(x) == x);
    BOOST_TEST(fg::softplus_with<3.0>(-x) == 0.0F);
    BOOST_TEST(fg::log_sigmoid(-x) == -x);
    BOOST_TEST(fg::log_sigmoid(x) == 0.0F);
    BOOST_TEST(fg::gaussian(x) == 0.0F);
    BOOST_TEST(fg::softsign(x) == 1.0F, boost::test_tools::tolerance(2e-3F));
    for (float s : {x, -x}) {
      const float expected = s > 0 ? 1.0F : 0.0F;
      BOOST_TEST(fg::derivative(fg::mish)(s) == expected);
      BOOST_TEST(fg::derivative(fg::gelu_tanh)(s) == expected);
      BOOST_TEST(fg::derivative(fg::softplus_with<3.0>)(s) == expected);
      BOOST_TEST(fg::derivative(fg::log_sigmoid)(s) == 1 - expected);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
