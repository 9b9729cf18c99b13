// SPDX-License-Identifier: MIT
#include <fusegrad/base/finite.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <tuple>

using fusegrad::base::is_finite;

namespace {
using both_types = std::tuple<float, double>;

template <class T> constexpr bool tells_them_apart(T sign) {
  using limits = std::numeric_limits<T>;
  return !is_finite(sign * limits::infinity()) && !is_finite(limits::quiet_NaN()) && is_finite(sign * limits::max()) &&
         is_finite(sign * limits::min()) && is_finite(sign * limits::denorm_min()) && is_finite(sign * T{0});
}
} // namespace

static_assert(tells_them_apart(1.0f) && tells_them_apart(-1.0f) && tells_them_apart(1.0) && tells_them_apart(-1.0));

BOOST_AUTO_TEST_SUITE(base_finite)

BOOST_AUTO_TEST_CASE_TEMPLATE(numbers_are_told_from_infinity_and_nan, T, both_types) {
  using limits = std::numeric_limits<T>;
  for (volatile T sign : {T{1}, T{-1}}) { // volatile: asked of the machine, not of the compiler
    const T s = sign;
    BOOST_TEST(!is_finite(s * limits::infinity()));
    BOOST_TEST(!is_finite(std::copysign(limits::quiet_NaN(), s)));
    BOOST_TEST(is_finite(s * limits::max()));
    BOOST_TEST(is_finite(s * limits::min()));
    BOOST_TEST(is_finite(s * limits::denorm_min()));
    BOOST_TEST(is_finite(s * T{0}));
    BOOST_TEST(is_finite(s));
  }
}

BOOST_AUTO_TEST_SUITE_END()
