// SPDX-License-Identifier: MIT
#include <fusegrad/run/sleep.hpp>

#include <boost/test/unit_test.hpp>

#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(run_sleep)

// A number that is another one already is not waited for: else this would never end.
BOOST_AUTO_TEST_CASE(nobody_sleeps_for_what_has_happened) {
  const int number = 1;
  fusegrad::execution::sleep_while(&number, 0);
  BOOST_TEST(number == 1);
}

BOOST_AUTO_TEST_CASE(all_that_sleep_are_woken) {
  int number = 0, asleep = 0, awake = 0;
  const auto work = [&] {
    __atomic_add_fetch(&asleep, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&number, __ATOMIC_ACQUIRE) == 0) fusegrad::execution::sleep_while(&number, 0);
    __atomic_add_fetch(&awake, 1, __ATOMIC_SEQ_CST);
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
  while (__atomic_load_n(&asleep, __ATOMIC_SEQ_CST) < 4) std::this_thread::yield();
  BOOST_TEST(__atomic_load_n(&awake, __ATOMIC_SEQ_CST) == 0);
  __atomic_store_n(&number, 1, __ATOMIC_SEQ_CST);
  fusegrad::execution::wake_all(&number);
  for (std::thread& t : threads) t.join();
  BOOST_TEST(awake == 4);
}

BOOST_AUTO_TEST_SUITE_END()
