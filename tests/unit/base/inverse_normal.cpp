// SPDX-License-Identifier: MIT
#include <fusegrad/base/inverse_normal.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

namespace {

using fusegrad::base::inverse_normal;

BOOST_AUTO_TEST_SUITE(base_inverse_normal)

// The values that Wichura's paper gives as a check.
BOOST_AUTO_TEST_CASE(published_values) {
  BOOST_TEST(inverse_normal(0.25) == -0.6744897501960817, boost::test_tools::tolerance(4e-15));
  BOOST_TEST(inverse_normal(0.001) == -3.090232306167814, boost::test_tools::tolerance(4e-15));
  BOOST_TEST(inverse_normal(1e-20) == -9.262340089798408, boost::test_tools::tolerance(4e-15));
}

BOOST_AUTO_TEST_CASE(undoes_the_distribution_function) {
  for (double x = -8; x <= 5; x += 0.03125) {
    const double probability = 0.5 * std::erfc(-x / std::sqrt(2.0));
    // Near 1 the probability itself holds x to fewer and fewer digits.
    const double density = std::exp(-x * x / 2) / std::sqrt(6.283185307179586);
    const double tolerance = 1e-14 * (1 + std::abs(x)) + 1.2e-16 / density * (x > 0 ? 1 : 0);
    BOOST_TEST(std::abs(inverse_normal(probability) - x) <= tolerance, "at " << x);
  }
}

BOOST_AUTO_TEST_CASE(is_odd_about_one_half) {
  static_assert(inverse_normal(0.5) == 0);
  for (const double distance : {0x1p-20, 0.1, 0.375, 0.4375, 0.49609375, 0.5 - 0x1p-30}) {
    BOOST_TEST(inverse_normal(0.5 + distance) == -inverse_normal(0.5 - distance));
  }
}

BOOST_AUTO_TEST_CASE(logarithm_and_root_are_close_to_the_library) {
  for (double x = 0x1p-53; x < 0.5; x *= 1.37) {
    BOOST_TEST(fusegrad::base::detail::portable_log(x) == std::log(x), boost::test_tools::tolerance(1e-15));
    const double y = 1 - 2 * std::log(x);
    BOOST_TEST(fusegrad::base::detail::portable_sqrt(y) == std::sqrt(y), boost::test_tools::tolerance(5e-16));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
