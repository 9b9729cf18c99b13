// SPDX-License-Identifier: MIT
#include <fusegrad/base/any_callback.hpp>

#include <boost/test/unit_test.hpp>

#include <functional>
#include <string>
#include <type_traits>

using callback = fusegrad::base::any_callback<const int&>;

static_assert(!std::is_constructible_v<callback, std::string (*)(const int&)>);
static_assert(!std::is_constructible_v<callback, void (*)(std::string&)>);

BOOST_AUTO_TEST_SUITE(base_any_callback)

BOOST_AUTO_TEST_CASE(says_whether_to_go_on) {
  callback below_two = [](int x) { return x < 2; };
  BOOST_TEST((below_two(1) && !below_two(2)));
}

BOOST_AUTO_TEST_CASE(what_gives_back_nothing_lets_it_go_on) {
  int seen = 0;
  callback looks = [&](const auto& x) { seen += x; };
  BOOST_TEST(looks(3));
  BOOST_TEST(seen == 3);
  callback copy = looks;
  BOOST_TEST(copy(4));
  BOOST_TEST(seen == 7);
  looks = std::function<void(int)>([&](int x) { seen = x; });
  BOOST_TEST((looks(1) && seen == 1));
}

BOOST_AUTO_TEST_CASE(nothing_is_no_callback) {
  const std::function<void(int)> empty;
  void (*const null)(int) = nullptr;
  BOOST_TEST((!callback() && !callback(nullptr) && !callback(empty) && !callback(null)));
}

BOOST_AUTO_TEST_SUITE_END()
