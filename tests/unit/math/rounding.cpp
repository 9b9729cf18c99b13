// SPDX-License-Identifier: MIT
#include <fusegrad/math/rounding.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;

/// Exact, with the sign of zero, in scalars, vectors and constants.
template <class T, class Function, class Reference> void check_exact(Function function, Reference reference) {
  auto inputs = testing::sweep<T>(60'000);
  for (int i = -40; i <= 40; ++i) inputs.push_back(static_cast<T>(i) / 2);
  inputs.resize(inputs.size() / 16 * 16);
  std::size_t wrong = 0;
  for (const T x : inputs) {
    const T exact = reference(x);
    if (!testing::same_bits(function(x), exact) || !testing::same_bits(function(math::vector<T>(x))[1], exact)) ++wrong;
  }
  BOOST_TEST(wrong == 0U);
}
template <class Function, class Reference> void check_exact(Function function, Reference reference) {
  check_exact<float>(function, reference);
  check_exact<double>(function, reference);
}

BOOST_AUTO_TEST_SUITE(math_rounding)

BOOST_AUTO_TEST_CASE(all_are_exact) {
  check_exact([](auto x) { return math::floor(x); }, [](auto x) { return std::floor(x); });
  check_exact([](auto x) { return math::ceil(x); }, [](auto x) { return std::ceil(x); });
  check_exact([](auto x) { return math::trunc(x); }, [](auto x) { return std::trunc(x); });
  check_exact([](auto x) { return math::round(x); }, [](auto x) { return std::round(x); });
  check_exact([](auto x) { return math::copysign(decltype(x)(2.5), x); },
              [](auto x) { return std::copysign(decltype(x)(2.5), x); });
}

static_assert(math::floor(-0.5) == -1 && math::ceil(-1.5) == -1 && math::trunc(-1.75F) == -1);
static_assert(math::round(0.49999999999999994) == 0 && math::round(2.5) == 3 && math::round(-2.5F) == -3);
static_assert(math::floor(std::numeric_limits<double>::infinity()) > 0 && math::round(1e300) == 1e300);
static_assert(math::round(-std::numeric_limits<double>::infinity()) < -1e308);
static_assert(math::trunc(std::numeric_limits<float>::infinity()) > 1e38F);
static_assert(math::copysign(3.0, -0.0) == -3);

BOOST_AUTO_TEST_SUITE_END()

} // namespace
