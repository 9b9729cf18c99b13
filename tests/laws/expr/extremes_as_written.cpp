// SPDX-License-Identifier: MIT
#include "extremes.hpp"

#include <boost/test/unit_test.hpp>

// Neither NaN nor infinity for any finite float, in value and derivative, for what people write by hand.
namespace {

using namespace fusegrad::test;
namespace fg = fusegrad;

BOOST_AUTO_TEST_SUITE(expr_extremes_as_written)

BOOST_AUTO_TEST_CASE(what_users_write_is_finite) {
  CHECK_STABLE_TWICE(log1p(exp(x)));
  CHECK_STABLE_TWICE(log(1 + exp(x)));
  CHECK_STABLE_TWICE(1 / (1 + exp(-x)));
  CHECK_STABLE_TWICE(x / (1 + exp(-x)));
  CHECK_STABLE_TWICE(exp(x) / (1 + exp(x)));
  CHECK_STABLE_TWICE(log(sigmoid(x)));
  CHECK_STABLE_TWICE(log(1 / (1 + exp(-x))));
  CHECK_STABLE_TWICE(log(1 - sigmoid(x)));
  CHECK_STABLE_TWICE(-log(1 + exp(-x)));
  CHECK_STABLE(max(x, 0) - x * 0.5 + log1p(exp(-abs(x))));
  CHECK_STABLE(x * tanh(softplus(x)));
  CHECK_STABLE(select(x > 0, x, exp(min(x, 0)) - 1));
}

BOOST_AUTO_TEST_CASE(swish_far_out) {
  constexpr auto swish = fg::function([](auto x) { return x / (1 + exp(-x)); });
  constexpr auto slope = fg::derivative(swish);
  for (float x : {1e4F, largest_float}) {
    BOOST_TEST(swish(x) == x);
    BOOST_TEST(swish(-x) == 0.0F);
    BOOST_TEST(slope(x) == 1.0F);
    BOOST_TEST(slope(-x) == 0.0F);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
