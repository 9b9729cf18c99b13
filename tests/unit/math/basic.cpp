// SPDX-License-Identifier: MIT
#include <fusegrad/math/basic.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
using math::vector;
namespace testing = math::testing;

template <class T> void check_pairs() {
  std::size_t wrong = 0;
  for (const T a : testing::edges<T>()) {
    for (const T b : testing::edges<T>()) {
      const T nan = std::numeric_limits<T>::quiet_NaN();
      const T larger = a != a || b != b ? nan : b > a ? b : a;
      const T smaller = a != a || b != b ? nan : b < a ? b : a;
      const vector<T> va(a);
      const vector<T> vb(b);
      if (!testing::same_bits(math::max(a, b), larger) || !testing::same_bits(math::max(va, vb)[0], larger)) ++wrong;
      if (!testing::same_bits(math::min(a, b), smaller) || !testing::same_bits(math::min(va, vb)[1], smaller)) ++wrong;
      if (!testing::same_bits(math::max(va, b)[0], larger) || !testing::same_bits(math::max(a, vb)[0], larger)) ++wrong;
    }
  }
  BOOST_TEST(wrong == 0U);
}

template <class T> void check_signs() {
  std::size_t wrong = 0;
  for (const T x : testing::edges<T>()) {
    const T sign_of_x = x > 0 ? T(1) : x < 0 ? T(-1) : x;
    if (!testing::same_bits(math::sign(x), sign_of_x) || !testing::same_bits(math::sign(vector<T>(x))[0], sign_of_x))
      ++wrong;
    if (!testing::same_bits(math::abs(x), std::abs(x)) || !testing::same_bits(math::abs(vector<T>(x))[0], std::abs(x)))
      ++wrong;
    if (!testing::same_bits(math::reciprocal(vector<T>(x))[0], T(1) / x)) ++wrong;
    if (!testing::same_bits(math::square(vector<T>(x))[0], math::square(x))) ++wrong;
  }
  BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_SUITE(math_basic)

BOOST_AUTO_TEST_CASE(extremes_propagate_nan_from_either_side) {
  check_pairs<float>();
  check_pairs<double>();
}

BOOST_AUTO_TEST_CASE(sign_and_magnitude) {
  check_signs<float>();
  check_signs<double>();
}

BOOST_AUTO_TEST_CASE(literals_take_the_type_of_the_number) {
  BOOST_TEST(math::max(2.5F, 0) == 2.5F);
  BOOST_TEST(math::max(0, -2.5) == 0.0);
  BOOST_TEST(math::min(vector<float>(2.5F), 1)[0] == 1.0F);
  BOOST_TEST(math::min(1.0, vector<float>(2.5F))[0] == 1.0F);
  BOOST_TEST(math::clamp(vector<double>(-3.0), -1, 1.5)[0] == -1.0);
  BOOST_TEST(math::clamp(7.0F, -1, 1.5) == 1.5F);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
