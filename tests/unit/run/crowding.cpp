// SPDX-License-Identifier: MIT
#include <fusegrad/run/crowding.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <fusegrad/run/team.hpp>
#include <thread>

using fusegrad::execution::crowding;
using fusegrad::execution::member;
using fusegrad::execution::team;

BOOST_AUTO_TEST_SUITE(run_crowding)

BOOST_AUTO_TEST_CASE(nothing_is_limited_until_a_stall_was_seen) {
  crowding c;
  BOOST_TEST(!c.was_seen());
  c.note(8, 0.0005, 0.0006, 10); // shorter than a time slice
  c.note(8, 0.010, 0.100, 10);   // a small part of the work
  BOOST_TEST(!c.was_seen());
  BOOST_TEST(c.limit(8, 10) == 8);
}

BOOST_AUTO_TEST_CASE(a_stall_halves_the_threads_for_some_time) {
  crowding c;
  c.note(8, 0.008, 0.009, 10);
  BOOST_TEST(c.was_seen());
  BOOST_TEST(c.limit(8, 10.1) == 4);
  BOOST_TEST(c.limit(3, 10.1) == 3); // fewer were wanted
  BOOST_TEST(c.limit(8, 10.3) == 8); // 25 times 8 ms are over
  c.note(2, 0.008, 0.009, 20);
  BOOST_TEST(c.limit(2, 20.1) == 1);
  c.note(2, 4, 4, 30); // a program that was stopped for seconds
  BOOST_TEST(c.limit(2, 30.9) == 1);
  BOOST_TEST(c.limit(2, 31.1) == 2);
  c.forget();
  BOOST_TEST(!c.was_seen());
  BOOST_TEST(c.limit(2, 30.9) == 2);
}

#ifdef _OPENMP
// The first thread waits for one that sleeps, in a meeting and at the end.
BOOST_AUTO_TEST_CASE(a_team_whose_thread_lost_its_core_is_smaller_next_time) {
  for (const bool meets : {false, true}) {
    fusegrad::execution::crowding_of_this_process.forget();
    const team two(2);
    two.run([&](const member& who) {
      if (who.rank == 1) std::this_thread::sleep_for(std::chrono::milliseconds(30));
      if (meets) who.wait_for_all();
    });
    BOOST_TEST(fusegrad::execution::crowding_of_this_process.was_seen());
    BOOST_TEST(two.sized_for(1e12).size() == 2); // a chosen number stays
    BOOST_TEST(team(0).sized_for(1e12).size() <= 1);
    fusegrad::execution::crowding_of_this_process.forget();
    BOOST_TEST(team(0).sized_for(1e12).size() == team(0).size());
  }
}
#endif

BOOST_AUTO_TEST_SUITE_END()
