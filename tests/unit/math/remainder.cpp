// SPDX-License-Identifier: MIT
#include <fusegrad/math/remainder.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

template <class T> std::size_t wrong_remainders() {
  const auto values = testing::edges<T>();
  std::size_t wrong = 0;
  const auto check = [&](T x, T y) {
    const T exact = std::fmod(x, y), result = math::fmod(x, y);
    if (!testing::same_bits(result, exact) ||
        !testing::same_bits(math::fmod(math::vector<T>(x), math::vector<T>(y))[1], exact))
      ++wrong;
  };
  for (const T x : values)
    for (const T y : values) check(x, y);
  std::mt19937_64 generator(3);
  std::uniform_real_distribution<double> exponent(-20, 40), digits(-1, 1);
  for (int i = 0; i < 20'000; ++i) {
    const T y = static_cast<T>(digits(generator)),
            quotient = std::round(static_cast<T>(std::exp2(exponent(generator))));
    check(static_cast<T>(std::exp2(exponent(generator)) * digits(generator)), y);
    check(y * quotient, y); // next to a multiple, where the quotient rounds up
  }
  return wrong;
}

BOOST_AUTO_TEST_SUITE(math_remainder)

BOOST_AUTO_TEST_CASE(fmod_is_exact) {
  BOOST_TEST(wrong_remainders<float>() == 0U);
  BOOST_TEST(wrong_remainders<double>() == 0U);
}

static_assert(math::fmod(7.5, 2.0) == 1.5 && math::fmod(-7.5, 2.0) == -1.5 && math::fmod(7.5F, -2.0F) == 1.5F);
static_assert(math::fmod(1e300, 3.0) == 0 && math::fmod(0.3, 0.1) == 0.09999999999999997780);

BOOST_AUTO_TEST_SUITE_END()

} // namespace
