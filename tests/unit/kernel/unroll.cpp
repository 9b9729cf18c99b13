// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/unroll.hpp>

#include <boost/test/unit_test.hpp>
#include <type_traits>
#include <vector>

namespace {
namespace kernel = fusegrad::kernel;

template <int Count> std::vector<int> counted() {
  std::vector<int> numbers;
  kernel::count_to<Count>([&](int i) { numbers.push_back(i); });
  return numbers;
}
template <int Count> std::vector<int> unrolled() {
  std::vector<int> numbers;
  kernel::unroll<Count>([&](auto i) { numbers.push_back(std::integral_constant<int, i>::value); });
  return numbers;
}
template <int Count> void check_numbers() {
  std::vector<int> expected;
  for (int i = 0; i < Count; ++i) expected.push_back(i);
  BOOST_TEST(counted<Count>() == expected);
  BOOST_TEST(unrolled<Count>() == expected);
}
} // namespace

BOOST_AUTO_TEST_SUITE(kernel_unroll)

BOOST_AUTO_TEST_CASE(calls_with_each_number_in_order) {
  check_numbers<0>();
  check_numbers<1>();
  check_numbers<7>();
  check_numbers<8>();
  check_numbers<9>();
  check_numbers<24>();
  check_numbers<33>();
}

BOOST_AUTO_TEST_SUITE_END()
