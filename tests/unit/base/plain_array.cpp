// SPDX-License-Identifier: MIT
#include <fusegrad/base/plain_array.hpp>

#include <boost/test/unit_test.hpp>

#include <type_traits>

using fusegrad::base::plain_array;

// Tables of a program have no items of many kinds, and are constants in the object.
static_assert(std::is_empty_v<plain_array<double, 0>>);
static_assert(sizeof(plain_array<int, 3>) == 3 * sizeof(int));
static_assert(std::is_trivially_copyable_v<plain_array<int, 3>>);

BOOST_AUTO_TEST_SUITE(plain_arrays)

BOOST_AUTO_TEST_CASE(items_are_zero_until_they_are_set_and_follow_one_another) {
  constexpr auto squares = [] {
    plain_array<int, 4> made;
    for (std::size_t i = 1; i < made.size(); ++i) made[i] = static_cast<int>(i * i);
    return made;
  }();
  static_assert(squares[0] == 0 && squares[3] == 9 && squares.data()[2] == 4);
  int sum = 0;
  for (const int square : squares) sum += square;
  BOOST_TEST(sum == 14);
}

BOOST_AUTO_TEST_CASE(a_loop_over_no_items_makes_no_turn) {
  const plain_array<int, 0> nothing;
  int turns = 0;
  for ([[maybe_unused]] const int item : nothing) ++turns;
  BOOST_TEST(turns == 0);
  BOOST_TEST(nothing.size() == 0u);
  BOOST_TEST(nothing.empty());
}

BOOST_AUTO_TEST_SUITE_END()
