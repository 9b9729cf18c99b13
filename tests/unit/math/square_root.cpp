// SPDX-License-Identifier: MIT
#include <fusegrad/math/square_root.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

BOOST_AUTO_TEST_SUITE(math_square_root)

BOOST_AUTO_TEST_CASE(sqrt_is_rounded_correctly) {
  testing::check_accuracy([](auto x) { return math::sqrt(x); }, [](long double x) { return std::sqrt(x); }, 0.5001,
                          0.5001);
}

BOOST_AUTO_TEST_CASE(rsqrt_keeps_its_bound) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  static_assert(math::rsqrt(0.0) == infinity && math::rsqrt(-0.0) == -infinity && math::rsqrt(infinity) == 0);
  static_assert(math::rsqrt(-1.0) != math::rsqrt(-1.0) && math::rsqrt(4.0F) == 0.5F);
  testing::check_accuracy([](auto x) { return math::rsqrt(x); }, [](long double x) { return 1.0L / std::sqrt(x); }, 1.5,
                          1.5);
}

template <class T> void check_digits() {
  std::size_t different = 0;
  for (const T x : testing::sweep<T>(20'000)) {
    if (x > 0 && x <= std::numeric_limits<T>::max() && math::detail::square_root_by_digits(x) != std::sqrt(x))
      ++different;
  }
  BOOST_TEST(different == 0U);
}

BOOST_AUTO_TEST_CASE(constant_roots_are_those_of_the_hardware) {
  check_digits<float>();
  check_digits<double>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
