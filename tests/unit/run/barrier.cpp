// SPDX-License-Identifier: MIT
#include <fusegrad/run/barrier.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(run_barrier)

// What each thread wrote before a meeting, plainly, every thread reads after it; more threads than cores included.
BOOST_AUTO_TEST_CASE(nobody_leaves_before_all_have_arrived) {
  for (int size = 1; size <= 8; ++size) {
    const int rounds = 60;
    fusegrad::execution::barrier meeting;
    std::vector<int> round_of(static_cast<std::size_t>(size), -1), late(static_cast<std::size_t>(size), 0);
    const auto work = [&](std::size_t me) {
      for (int round = 0; round < rounds; ++round) {
        round_of[me] = round;
        meeting.wait(size);
        for (int other : round_of) late[me] += other != round;
        meeting.wait(size);
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t me = 1; me < static_cast<std::size_t>(size); ++me) threads.emplace_back(work, me);
    work(0);
    for (std::thread& t : threads) t.join();
    for (int count : late) BOOST_TEST(count == 0, size << " threads");
  }
}

// One of them does it, when all have arrived and before any goes on.
BOOST_AUTO_TEST_CASE(the_last_to_come_does_what_is_to_be_done_before_all_go_on) {
  for (int size = 1; size <= 4; ++size) {
    const int rounds = 200;
    fusegrad::execution::barrier meeting;
    std::vector<int> arrived(static_cast<std::size_t>(size), 0), wrong(static_cast<std::size_t>(size), 0);
    int calls = 0, early = 0;
    const auto work = [&](std::size_t me) {
      for (int round = 0; round < rounds; ++round) {
        ++arrived[me];
        meeting.wait(size, [&] {
          ++calls;
          for (int other : arrived) early += other != round + 1;
        });
        wrong[me] += calls != round + 1;
        meeting.wait(size);
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t me = 1; me < static_cast<std::size_t>(size); ++me) threads.emplace_back(work, me);
    work(0);
    for (std::thread& t : threads) t.join();
    BOOST_TEST(calls == rounds);
    BOOST_TEST(early == 0);
    for (int count : wrong) BOOST_TEST(count == 0, size << " threads");
  }
}

BOOST_AUTO_TEST_SUITE_END()
