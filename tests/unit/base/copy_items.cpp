// SPDX-License-Identifier: MIT
#include <fusegrad/base/copy_items.hpp>

#include <boost/test/unit_test.hpp>

#include <array>

using fusegrad::base::copy_items;
using fusegrad::base::fill_numbers;

namespace {
constexpr std::array<int, 4> copied(std::size_t count) {
  const int from[]{1, 2, 3};
  std::array<int, 4> to{9, 9, 9, 9};
  copy_items(from, count, to.data());
  return to;
}
constexpr std::array<int, 4> filled(std::size_t count) {
  std::array<int, 4> to{9, 9, 9, 9};
  fill_numbers(to.data(), count, 5);
  return to;
}
} // namespace

static_assert(copied(3) == std::array{1, 2, 3, 9} && copied(0) == std::array{9, 9, 9, 9});
static_assert(filled(2) == std::array{5, 5, 9, 9} && filled(0) == std::array{9, 9, 9, 9});

BOOST_AUTO_TEST_SUITE(copies_of_numbers)

BOOST_AUTO_TEST_CASE(run_time_does_as_constant_expressions_do) {
  for (std::size_t count = 0; count <= 3; ++count) {
    const volatile std::size_t hidden = count;
    const std::size_t n = hidden;
    BOOST_TEST(copied(n) == (std::array<int, 4>{n > 0 ? 1 : 9, n > 1 ? 2 : 9, n > 2 ? 3 : 9, 9}));
    BOOST_TEST(filled(n) == (std::array<int, 4>{n > 0 ? 5 : 9, n > 1 ? 5 : 9, n > 2 ? 5 : 9, 9}));
  }
  // No numbers: neither place has to be one.
  copy_items(static_cast<const int*>(nullptr), 0, static_cast<int*>(nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
