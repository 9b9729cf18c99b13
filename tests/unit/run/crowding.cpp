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
  c.note(3, 0.050, 0.100, 10);   // four equal parts on three threads
  BOOST_TEST(!c.was_seen());
  BOOST_TEST(c.limit(8, 10) == 8);
}

BOOST_AUTO_TEST_CASE(a_stall_halves_the_threads_for_some_time) {
  crowding c;
  c.note(8, 0.008, 0.009, 10);
  BOOST_TEST(c.was_seen());
  BOOST_TEST(c.limit(8, 10.015) == 4);
  BOOST_TEST(c.limit(3, 10.015) == 3); // fewer were wanted
  BOOST_TEST(c.limit(8, 10.017) == 8); // twice 8 ms are over
  c.note(2, 0.008, 0.009, 20);
  BOOST_TEST(c.limit(2, 20.015) == 1);
  BOOST_TEST(c.limit(2, 20.017) == 2); // what happened ten seconds ago does not count
  c.note(2, 4, 4, 30);                 // a program that was stopped for seconds
  BOOST_TEST(c.limit(2, 30.9) == 1);
  BOOST_TEST(c.limit(2, 31.1) == 2);
  c.forget();
  BOOST_TEST(!c.was_seen());
  BOOST_TEST(c.limit(2, 30.9) == 2);
}

BOOST_AUTO_TEST_CASE(pauses_grow_while_stalls_are_met_again) {
  crowding c;
  c.note(2, 0.004, 0.004, 10); // a pause of 8 ms
  c.note(2, 0.004, 0.004, 10.012);
  BOOST_TEST(c.limit(2, 10.043) == 1); // of 32
  BOOST_TEST(c.limit(2, 10.045) == 2);
  double now = 10.045;
  for (const double pause : {0.128, 0.512, 1.0, 1.0}) {
    c.note(2, 0.004, 0.004, now);
    BOOST_TEST(c.limit(2, now + pause - 0.001) == 1);
    BOOST_TEST(c.limit(2, now + pause + 0.001) == 2);
    now += pause + 0.005;
  }
}

BOOST_AUTO_TEST_CASE(what_is_forgotten_makes_no_pause_longer) {
  crowding c;
  c.note(2, 0.004, 0.004, 10);
  c.note(2, 0.004, 0.004, 10.012);
  c.forget();
  c.note(2, 0.004, 0.004, 10.020);
  BOOST_TEST(c.limit(2, 10.027) == 1);
  BOOST_TEST(c.limit(2, 10.029) == 2); // 8 ms, as after a first stall
}

BOOST_AUTO_TEST_CASE(the_longest_wait_counts) {
  fusegrad::execution::longest_wait wait(11);
  wait.finished(0.5, 12);   // slept half a second and waits two more
  wait.finished(0, 13.75);  // was waited for
  wait.finished(0.125, 14); // came last
  BOOST_TEST(wait.until(14) == 2.5);
}

BOOST_AUTO_TEST_CASE(steps_end_behind_a_long_one_and_each_is_judged_by_itself) {
  fusegrad::execution::longest_wait wait(10);
  double now = 10;
  for (int step = 0; step < 64; ++step) {
    BOOST_TEST(wait.goes_on(now += 0.0009)); // 58 ms in all
    BOOST_TEST(wait.begin() == now);
  }
  BOOST_TEST(!wait.goes_on(now + 0.004));
  BOOST_TEST(wait.begin() == now);
  wait.finished(0.0035, now + 0.004);
  crowding c;
  c.note(2, wait.until(now + 0.004), now + 0.004 - wait.begin(), now + 0.004);
  BOOST_TEST(c.was_seen());
}

BOOST_AUTO_TEST_CASE(a_step_forgets_what_was_slept_before) {
  double slept = 0.25;
  const member who{0, 2, nullptr, &slept};
  who.count_sleep(0.5);
  BOOST_TEST(slept == 0.75);
  who.begin_step();
  BOOST_TEST(slept == 0);
  BOOST_TEST(who.was_short_step()); // nobody asks
}

#ifdef _OPENMP
// One thread waits for another that sleeps, in a meeting and at the end: the first for the second, or the second for
// the first.
BOOST_AUTO_TEST_CASE(a_team_whose_thread_lost_its_core_is_smaller_next_time) {
  for (const int sleeping : {0, 1, 2, 3}) {
    const bool meets = sleeping % 2 == 0;
    fusegrad::execution::crowding_of_this_process.forget();
    const team two(2);
    two.run([&](const member& who) {
      if (who.rank == sleeping / 2) std::this_thread::sleep_for(std::chrono::milliseconds(100));
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
