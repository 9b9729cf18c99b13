// SPDX-License-Identifier: MIT
#include <fusegrad/base/made_when_used.hpp>

#include <boost/test/unit_test.hpp>

#include <utility>
#include <vector>

using fusegrad::base::made_when_used;

namespace {
struct cannot_be_made {
  cannot_be_made() = delete;
  ~cannot_be_made() = delete;
};
struct counted {
  static inline int alive = 0;
  int number = 3;
  counted() { ++alive; }
  counted(const counted& other) : number{other.number} { ++alive; }
  ~counted() { --alive; }
};

constexpr int in_a_constant_expression() {
  made_when_used<std::vector<int>> one;
  one.get().push_back(4);
  made_when_used<std::vector<int>> two = one;
  two.get().push_back(5);
  one = std::move(two);
  return static_cast<int>(one.get().size()) * 10 + one.get()[1];
}
} // namespace

BOOST_AUTO_TEST_SUITE(made_when_used_at_all)

BOOST_AUTO_TEST_CASE(nobody_asked) {
  made_when_used<cannot_be_made> never;
  const made_when_used<cannot_be_made> copy = never;
  never = copy;
  made_when_used<counted> empty;
  const made_when_used<counted> other = empty;
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(made_once_copied_and_ended) {
  {
    made_when_used<counted> one;
    BOOST_TEST(one.get().number == 3);
    one.get().number = 7;
    BOOST_TEST(counted::alive == 1);
    made_when_used<counted> two = one;
    BOOST_TEST(two.get().number == 7);
    two.get().number = 8;
    BOOST_TEST(one.get().number == 7);
    made_when_used<counted> three = std::move(two);
    BOOST_TEST(three.get().number == 8);
    BOOST_TEST(counted::alive == 2);
    one = std::move(three);
    BOOST_TEST(one.get().number == 8);
    BOOST_TEST(counted::alive == 1);
  }
  BOOST_TEST(counted::alive == 0);
}

BOOST_AUTO_TEST_CASE(constant_expressions_can) {
#ifdef __clang__
  BOOST_TEST(in_a_constant_expression() == 25);
#else
  static_assert(in_a_constant_expression() == 25);
#endif
}

BOOST_AUTO_TEST_SUITE_END()
