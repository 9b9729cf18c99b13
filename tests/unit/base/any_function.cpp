// SPDX-License-Identifier: MIT
#include <fusegrad/base/any_function.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

using fusegrad::base::any_function;

static_assert(std::is_constructible_v<any_function<double(int)>, int (*)(int)>);
static_assert(!std::is_constructible_v<any_function<double(int)>, int>);
static_assert(!std::is_constructible_v<any_function<double(int)>, std::string (*)(int)>);
static_assert(!std::is_convertible_v<any_function<double(int)>, bool>);

BOOST_AUTO_TEST_SUITE(any_functions)

namespace {
int twice(int x) { return 2 * x; }

/// Counts how many of it there are.
struct counted {
  int* alive;
  explicit counted(int& count) : alive{&count} { ++*alive; }
  counted(const counted& other) : alive{other.alive} { ++*alive; }
  ~counted() { --*alive; }
  int operator()() const { return *alive; }
};
} // namespace

BOOST_AUTO_TEST_CASE(what_can_be_called_is_called) {
  const any_function<double(int)> plain = twice;
  BOOST_TEST(plain(3) == 6.0);
  const std::vector<int> table{5, 7};
  const any_function<double(int)> lambda = [table](int i) { return table[static_cast<std::size_t>(i)]; };
  BOOST_TEST(lambda(1) == 7.0);
  const any_function<void(std::string&)> changes = [](std::string& text) { text += "!"; };
  std::string text = "so";
  changes(text);
  BOOST_TEST(text == "so!");
  const any_function<double(int)> of_standard = std::function<int(int)>(twice);
  BOOST_TEST(of_standard(4) == 8.0);
}

BOOST_AUTO_TEST_CASE(nothing_is_nothing) {
  using of_int = any_function<int(int)>;
  const std::function<int(int)> empty;
  int (*const null)(int) = nullptr;
  BOOST_TEST(!of_int());
  BOOST_TEST(!of_int(nullptr));
  BOOST_TEST(!of_int(null));
  BOOST_TEST(!of_int(empty));
  BOOST_TEST(static_cast<bool>(of_int(twice)));
}

BOOST_AUTO_TEST_CASE(a_copy_is_another_and_all_end) {
  int alive = 0;
  {
    any_function<int()> one = counted(alive);
    BOOST_TEST(alive == 1);
    any_function<int()> two = one;
    BOOST_TEST(two() == 2);
    const any_function<int()> moved = std::move(one);
    BOOST_TEST(alive == 2);
    BOOST_TEST(moved() == 2);
    two = moved;
    BOOST_TEST(alive == 2);
    two = nullptr;
    BOOST_TEST(!two);
    BOOST_TEST(alive == 1);
  }
  BOOST_TEST(alive == 0);
}

// What a lambda keeps may change from call to call, as with `std::function`.
BOOST_AUTO_TEST_CASE(what_is_kept_may_change) {
  const any_function<int()> counts = [n = 0]() mutable { return ++n; };
  BOOST_TEST(counts() == 1);
  BOOST_TEST(counts() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
