// SPDX-License-Identifier: MIT
#include <fusegrad/base/shared_state.hpp>

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <type_traits>
#include <utility>

using fusegrad::base::shared_state;

// Copies of it are held where the type is not known.
struct nowhere_defined;
static_assert(sizeof(shared_state<nowhere_defined>) == sizeof(void*));
static_assert(std::is_nothrow_move_constructible_v<shared_state<nowhere_defined>>);
static_assert(!std::is_default_constructible_v<shared_state<nowhere_defined>>);

BOOST_AUTO_TEST_SUITE(shared_states)

namespace {
/// Counts how many of it there are.
struct counted {
  int* alive;
  int number;
  counted(int& count, int n) : alive{&count}, number{n} {
    if (n < 0) throw std::invalid_argument("no such number");
    ++*alive;
  }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
  ~counted() { --*alive; }
};
} // namespace

BOOST_AUTO_TEST_CASE(the_last_copy_ends_it) {
  int alive = 0;
  {
    auto first = shared_state<counted>::made_of(alive, 7);
    {
      const shared_state<counted> second = first;
      second->number = 8;
    }
    BOOST_TEST(alive == 1);
    BOOST_TEST(first->number == 8);
    shared_state<counted> third = std::move(first);
    first = shared_state<counted>::made_of(alive, 9);
    BOOST_TEST(alive == 2);
    third = first;
    BOOST_TEST(alive == 1);
    BOOST_TEST(third->number == 9);
  }
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_made_leaves_nothing) {
  int alive = 0;
  BOOST_CHECK_THROW(static_cast<void>(shared_state<counted>::made_of(alive, -1)), std::invalid_argument);
  BOOST_TEST(alive == 0);
}

BOOST_AUTO_TEST_SUITE_END()
