// SPDX-License-Identifier: MIT
#include <fusegrad/base/clock.hpp>

#include <boost/test/unit_test.hpp>
#include <chrono>

BOOST_AUTO_TEST_SUITE(base_clock)

BOOST_AUTO_TEST_CASE(counts_seconds_and_never_goes_back) {
  using steady = std::chrono::steady_clock;
  const double first = fusegrad::base::seconds_now();
  const auto begin = steady::now();
  double last = first;
  while (steady::now() - begin < std::chrono::milliseconds(20)) {
    const double now = fusegrad::base::seconds_now();
    BOOST_REQUIRE_GE(now, last);
    last = now;
  }
  const double passed = fusegrad::base::seconds_now() - first;
  const double by_chrono = std::chrono::duration<double>(steady::now() - begin).count();
  BOOST_TEST(passed >= 0.02);
  BOOST_TEST(passed <= by_chrono + 1); // the machine may be busy in between
}

BOOST_AUTO_TEST_SUITE_END()
