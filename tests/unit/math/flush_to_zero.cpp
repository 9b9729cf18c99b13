// SPDX-License-Identifier: MIT
#include <fusegrad/math/flush_to_zero.hpp>

#include <boost/test/unit_test.hpp>

#include <fusegrad/run/team.hpp>
#include <limits>
#include <vector>

namespace {

using fusegrad::math::flush_to_zero;

#if defined(__SSE__) || defined(__aarch64__)
constexpr bool has_mode = true;
#else
constexpr bool has_mode = false;
#endif

/// Whether a product too small for a normal number is zero at the moment.
bool flushes() {
  volatile float small = std::numeric_limits<float>::min();
  const volatile float half = small * 0.5f;
  return half == 0.0f;
}
/// Whether an operand below the smallest normal number counts as zero.
bool takes_denormals_for_zero(float denormal) {
  volatile float operand = denormal;
  const volatile float product = operand * 1e30f;
  return product == 0.0f;
}

constexpr bool does_nothing_in_constant_expressions() {
  const flush_to_zero mode;
  return true;
}
static_assert(does_nothing_in_constant_expressions());

} // namespace

BOOST_AUTO_TEST_SUITE(math_flush_to_zero)

BOOST_AUTO_TEST_CASE(the_mode_is_as_before_afterwards) {
  BOOST_TEST(!flushes());
  {
    const flush_to_zero mode;
    BOOST_TEST(flushes() == has_mode);
    BOOST_TEST(takes_denormals_for_zero(1e-40f) == has_mode);
    BOOST_TEST(!takes_denormals_for_zero(1e-30f));
  }
  BOOST_TEST(!flushes());
  BOOST_TEST(!takes_denormals_for_zero(1e-40f));
}

BOOST_AUTO_TEST_CASE(an_inner_one_leaves_the_mode_to_the_outer) {
  const auto outer = [] {
    const flush_to_zero mode;
    {
      const flush_to_zero inner;
      BOOST_TEST(flushes() == has_mode);
    }
    BOOST_TEST(flushes() == has_mode);
  };
  outer();
  BOOST_TEST(!flushes());
}

BOOST_AUTO_TEST_CASE(every_thread_of_a_team_flushes_and_only_while_it_works) {
  const auto flushing_threads = [](int threads) {
    std::vector<int> found(static_cast<std::size_t>(threads));
    const fusegrad::execution::team team(threads);
    team.run([&](const fusegrad::execution::member& who) { found[static_cast<std::size_t>(who.rank)] = flushes(); });
    int count = 0;
    for (int flushed : found) count += flushed;
    return count;
  };
  BOOST_TEST(!flushes());
#ifdef _OPENMP
  for (int threads : {1, 2, 5}) BOOST_TEST(flushing_threads(threads) == (has_mode ? threads : 0));
#else
  BOOST_TEST(flushing_threads(1) == (has_mode ? 1 : 0));
#endif
  BOOST_TEST(!flushes());
#ifdef _OPENMP
  // The runtime's threads live on; the mode must not stay with them.
  int left_over = 0;
#pragma omp parallel num_threads(5) reduction(+ : left_over)
  left_over += flushes();
  BOOST_TEST(left_over == 0);
#endif
}

BOOST_AUTO_TEST_SUITE_END()
