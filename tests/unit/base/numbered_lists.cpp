// SPDX-License-Identifier: MIT
#include <fusegrad/base/numbered_lists.hpp>

#include <boost/test/unit_test.hpp>

#include <initializer_list>

namespace {

enum class shelf : int {};
using lists = fusegrad::numbered_lists<shelf, int>;

constexpr bool holds(const lists& l, shelf n, std::initializer_list<int> items) {
  auto at = l.first(n);
  for (const int item : items) {
    if (at == lists::none || l.item(at) != item) return false;
    at = l.next(at);
  }
  return at == lists::none && l.empty(n) == (items.size() == 0) && l.has_one(n) == (items.size() == 1);
}

constexpr lists filled() {
  lists l;
  l.resize(3);
  for (const int item : {7, 8, 7, 9, 7}) l.add(shelf{1}, item);
  l.add(shelf{2}, 4);
  return l;
}

constexpr bool keep_their_order() {
  const lists l = filled();
  return l.size() == 3 && holds(l, shelf{0}, {}) && holds(l, shelf{1}, {7, 8, 7, 9, 7}) && holds(l, shelf{2}, {4});
}

constexpr bool lose_equal_items() {
  lists l = filled();
  l.remove(shelf{1}, 7); // the first, one within and the last
  if (!holds(l, shelf{1}, {8, 9}) || !holds(l, shelf{2}, {4})) return false;
  l.add(shelf{1}, 7);
  if (!holds(l, shelf{1}, {8, 9, 7})) return false;
  l.remove(shelf{2}, 5);
  if (!holds(l, shelf{2}, {4})) return false;
  l.remove(shelf{2}, 4);
  return holds(l, shelf{2}, {});
}

constexpr bool replace_one_item() {
  lists l = filled();
  l.replace(shelf{1}, 8, 5);
  if (!holds(l, shelf{1}, {7, 5, 7, 9, 7})) return false;
  l.replace(shelf{1}, 5, 9); // which is there: the list only loses one
  if (!holds(l, shelf{1}, {7, 7, 9, 7})) return false;
  l.replace(shelf{1}, 6, 2);
  l.replace(shelf{0}, 7, 2);
  if (!holds(l, shelf{1}, {7, 7, 9, 7}) || !holds(l, shelf{0}, {})) return false;
  l.add(shelf{2}, 6);
  l.replace(shelf{2}, 6, 4); // the last one
  l.add(shelf{2}, 1);
  return holds(l, shelf{2}, {4, 1});
}

constexpr bool are_cleared_one_by_one() {
  lists l = filled();
  l.clear(shelf{1});
  if (!holds(l, shelf{1}, {}) || !holds(l, shelf{2}, {4})) return false;
  l.add(shelf{1}, 3);
  return holds(l, shelf{1}, {3});
}

static_assert(keep_their_order() && lose_equal_items() && replace_one_item() && are_cleared_one_by_one());

// More items than a block of a growing list has, in constant evaluation and out of it; some that are destroyed.
constexpr bool grows_beyond_a_block() {
  fusegrad::growing<int> numbers;
  for (int i = 0; i < 16400; ++i) numbers.push_back(i);
  const fusegrad::growing<int> copy = numbers;
  fusegrad::growing<fusegrad::growing<int>> some;
  for (int i = 0; i < 20; ++i) some.push_back(fusegrad::growing<int>{});
  some[19] = static_cast<fusegrad::growing<int>&&>(numbers);
  return numbers.empty() && some[19] == copy && copy.size() == 16400 && copy[16399] == 16399 && copy[8191] == 8191;
}
static_assert(grows_beyond_a_block());

} // namespace

BOOST_AUTO_TEST_SUITE(base_numbered_lists)

BOOST_AUTO_TEST_CASE(items_stand_in_the_order_in_which_they_came) {
  BOOST_TEST(keep_their_order());
  BOOST_TEST(lose_equal_items());
  BOOST_TEST(replace_one_item());
  BOOST_TEST(are_cleared_one_by_one());
}

BOOST_AUTO_TEST_CASE(a_list_grows_beyond_what_constant_evaluation_takes_at_once) { BOOST_TEST(grows_beyond_a_block()); }

BOOST_AUTO_TEST_SUITE_END()
