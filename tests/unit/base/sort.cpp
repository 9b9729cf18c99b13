// SPDX-License-Identifier: MIT
#include <fusegrad/base/sort.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(sorting)

BOOST_AUTO_TEST_CASE(equal_items_stay_as_they_stood) {
  using item = std::pair<std::uint32_t, std::size_t>;
  const auto before = [](const item& a, const item& b) { return a.first < b.first; };
  const fusegrad::base::random_stream stream(3);
  for (const std::size_t count : {0U, 1U, 2U, 3U, 4U, 5U, 7U, 8U, 9U, 31U, 64U, 100U, 1000U}) {
    std::vector<item> items(count);
    for (std::size_t i = 0; i < count; ++i) items[i] = {stream.bits(i) % 10, i};
    std::vector<item> expected = items;
    std::sort(expected.begin(), expected.end()); // by number, then by where it stood
    fusegrad::base::sort(items, before);
    BOOST_TEST((items == expected), count << " items are not in order");
  }
}

BOOST_AUTO_TEST_CASE(items_are_moved_not_copied) {
  struct only_moved {
    int number = 0;
    only_moved() = default;
    explicit only_moved(int n) : number{n} {}
    only_moved(only_moved&&) = default;
    only_moved& operator=(only_moved&&) = default;
  };
  std::vector<only_moved> items;
  for (const int n : {5, 2, 9, 1}) items.emplace_back(n);
  fusegrad::base::sort(items, [](const only_moved& a, const only_moved& b) { return a.number > b.number; });
  BOOST_TEST(items.front().number == 9);
  BOOST_TEST(items.back().number == 1);
}

BOOST_AUTO_TEST_SUITE_END()
