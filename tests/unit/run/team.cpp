// SPDX-License-Identifier: MIT
#include <fusegrad/run/team.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace {

using fusegrad::execution::member;
using fusegrad::execution::team;

constexpr bool is_one_thread_in_constant_expressions() {
  int calls = 0;
  const team of_four(4);
  of_four.run([&](const member& who) { calls += who.rank == 0 && who.size == 1 ? 1 : 100; });
  return calls == 1;
}
static_assert(is_one_thread_in_constant_expressions());

} // namespace

BOOST_AUTO_TEST_SUITE(run_team, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(shares_follow_each_other_and_cover_everything) {
  for (std::size_t grain : {1u, 4u, 16u})
    for (int size = 1; size <= 9; ++size)
      for (std::size_t count = 0; count <= 300; ++count) {
        std::size_t end = 0;
        for (int rank = 0; rank < size; ++rank) {
          const auto share = member{rank, size, nullptr}.share(count, grain);
          BOOST_REQUIRE_EQUAL(share.begin, end);
          BOOST_REQUIRE(share.end >= share.begin);
          if (rank + 1 < size) BOOST_REQUIRE_EQUAL(share.end % grain, 0u);
          end = share.end;
        }
        BOOST_REQUIRE_EQUAL(end, count);
      }
}

BOOST_AUTO_TEST_CASE(shares_are_as_equal_as_the_grain_allows) {
  for (int size = 1; size <= 8; ++size)
    for (std::size_t count = 0; count <= 300; ++count) {
      std::size_t least = count, most = 0;
      for (int rank = 0; rank < size; ++rank) {
        const auto share = member{rank, size, nullptr}.share(count, 4);
        least = std::min(least, share.end - share.begin), most = std::max(most, share.end - share.begin);
      }
      BOOST_REQUIRE(most - least < 4 + 4);
    }
}

// Kernels sum a single row in another order: where it stands must not depend on the number of threads.
BOOST_AUTO_TEST_CASE(no_part_of_many_rows_is_a_single_one) {
  for (int size = 1; size <= 16; ++size)
    for (std::size_t rows = 2; rows <= 300; ++rows)
      for (int rank = 0; rank < size; ++rank) {
        const auto share = member{rank, size, nullptr}.share(rows, 4);
        BOOST_REQUIRE(share.end - share.begin != 1);
      }
}

// As many groups as asked for, if there are threads; each is whole, and ranks in it count from zero.
BOOST_AUTO_TEST_CASE(groups_are_consecutive_threads) {
  fusegrad::execution::barrier meeting;
  for (int size = 1; size <= 16; ++size)
    for (int count = 1; count <= 16; ++count) {
      std::vector<int> met(static_cast<std::size_t>(std::min(count, size)), 0), sizes(met.size(), 0);
      for (int rank = 0; rank < size; ++rank) {
        const member all{rank, size, nullptr};
        const auto group = static_cast<std::size_t>(all.group(count));
        BOOST_REQUIRE(group < met.size());
        const member inner = all.in_group(count, &meeting);
        BOOST_REQUIRE_EQUAL(inner.rank, met[group]++);
        BOOST_REQUIRE(inner.size == 1 || inner.meeting == &meeting);
        if (inner.rank == 0) sizes[group] = inner.size;
        BOOST_REQUIRE_EQUAL(inner.size, sizes[group]);
      }
      BOOST_TEST(met == sizes, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(each_thread_works_once_and_all_meet) {
#ifdef _OPENMP
  constexpr int most = 8;
#else
  constexpr int most = 1;
#endif
  for (int size = 1; size <= most; ++size) {
    std::vector<int> calls(static_cast<std::size_t>(size), 0), seen(static_cast<std::size_t>(size), 0);
    std::atomic<int> arrived = 0;
    const team several(size);
    for (int round = 0; round < 10; ++round) {
      arrived = 0;
      several.run([&](const member& who) {
        ++calls[static_cast<std::size_t>(who.rank)];
        for (int meeting = 1; meeting <= 5; ++meeting) {
          ++arrived;
          who.wait_for_all();
          seen[static_cast<std::size_t>(who.rank)] += arrived == meeting * who.size;
          who.wait_for_all();
        }
      });
    }
    for (int count : calls) BOOST_TEST(count == 10, size << " threads");
    for (int count : seen) BOOST_TEST(count == 10 * 5, size << " threads");
  }
}

// A runtime may give an inner region one thread: the work is done whole all the same.
BOOST_AUTO_TEST_CASE(a_team_inside_a_team_does_all_of_the_work) {
  std::atomic<std::size_t> done = 0, outer = 0;
  const team of_three(3);
  of_three.run([&](const member&) {
    ++outer;
    of_three.run([&](const member& who) {
      const auto mine = who.share(100);
      who.wait_for_all();
      done += mine.end - mine.begin;
    });
  });
  BOOST_TEST(outer == (fusegrad::execution::team(3).size() == 3 ? 3u : 1u));
  BOOST_TEST(done == 100 * outer);
}

BOOST_AUTO_TEST_CASE(a_chosen_number_of_threads_stays_and_another_is_what_pays) {
#ifdef _OPENMP
  BOOST_TEST(team(5).sized_for(1).size() == 5);
#endif
  fusegrad::execution::crowding_of_this_process.forget();
  BOOST_TEST(team(0).sized_for(1).size() == 1);
  BOOST_TEST(team(0).sized_for(1e12).size() == team(0).size());
}

BOOST_AUTO_TEST_CASE(two_threads_pay_sooner_where_the_work_says_so) {
  fusegrad::execution::crowding_of_this_process.forget();
  int two = std::min(2, team(0).size()); // not const: in a constant expression there is one thread
  BOOST_TEST(team(0).sized_for(5e5, 4e5).size() == two);
  BOOST_TEST(team(0).sized_for(5e5).size() == 1);
  BOOST_TEST(team(0).sized_for(3e5, 4e5).size() == 1);
  BOOST_TEST(team(0).sized_for(5e6, 4e5).size() == two);
}

BOOST_AUTO_TEST_CASE(fewer_threads_than_none_are_refused) {
  using fusegrad::execution::checked_threads;
  BOOST_TEST(checked_threads(0) == 0);
  BOOST_TEST(checked_threads(3) == 3);
  BOOST_CHECK_EXCEPTION(checked_threads(-1), std::invalid_argument, [](const std::exception& e) {
    return std::string_view(e.what()) == "fusegrad: threads is 0, for as many as pay, or more, not -1.";
  });
  BOOST_CHECK_THROW(fusegrad::execution::team(-1), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
