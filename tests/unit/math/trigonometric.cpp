// SPDX-License-Identifier: MIT
#include <fusegrad/math/trigonometric.hpp>

#include "ulp.hpp"

namespace {

// Qualified throughout: unqualified, the functions of <cmath> would win for scalars.
namespace math = fusegrad::math;
namespace testing = math::testing;
constexpr auto sine = [](auto x) { return math::sin(x); };
constexpr auto cosine = [](auto x) { return math::cos(x); };

template <class T> void check_both(double bound, const std::vector<T>& inputs) {
  testing::check_accuracy<T>(sine, [](long double x) { return std::sin(x); }, bound, inputs);
  testing::check_accuracy<T>(cosine, [](long double x) { return std::cos(x); }, bound, inputs);
}

BOOST_AUTO_TEST_SUITE(math_trigonometric)

BOOST_AUTO_TEST_CASE(both_keep_their_bound) {
  check_both<float>(2.0, testing::sweep<float>(150'000));
  check_both<double>(3.0, testing::sweep<double>(80'000));
}

// Where all leading digits cancel: the numbers closest to k pi / 2, with and without the exact reduction.
BOOST_AUTO_TEST_CASE(both_keep_their_bound_next_to_their_zeros) {
  std::vector<float> floats;
  std::vector<double> doubles;
  for (int k = 1; k <= 16'000; ++k) {
    const long double zero = 1.57079632679489661923132169163975144L * static_cast<long double>(k);
    floats.push_back(static_cast<float>(zero));
    doubles.push_back(static_cast<double>(zero * (k > 8'000 ? 97.0L : 1.0L)));
  }
  doubles.insert(doubles.end(), 16, 6381956970095103.0 * 0x1p797); // the double closest to a multiple: 2^-61 off
  check_both<float>(2.0, floats);
  check_both<double>(3.0, doubles);
}

BOOST_AUTO_TEST_CASE(constants_equal_run_time) {
  testing::check_constant<[](auto x) { return math::sin(x); }>();
  testing::check_constant<[](auto x) { return math::cos(x); }>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
