// SPDX-License-Identifier: MIT
#include <fusegrad/run/runtime_threads.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdio>
#include <fusegrad/run/team.hpp>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace {

using fusegrad::execution::member;
using fusegrad::execution::team;

/// How many threads a team of `wanted` has; 0 where they do not do all of their work together.
int threads_at_work(int wanted) {
  std::atomic<int> arrived = 0;
  int size = 0;
  bool all_met = true;
  team(wanted).run([&](const member& who) {
    ++arrived;
    who.wait_for_all();
    if (who.rank != 0) return;
    size = who.size;
    all_met = arrived == who.size;
  });
  return all_met ? size : 0;
}

/// What `work` returns in a child process, which has ten seconds, and what it says on the error stream; 1000 where it
/// does not end.
template <class Work> int in_child(Work&& work, std::string* said = nullptr) {
  int ends[2];
  BOOST_REQUIRE_EQUAL(pipe(ends), 0);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    alarm(10);
    dup2(ends[1], STDERR_FILENO);
    _exit(work());
  }
  close(ends[1]);
  char text[256];
  for (ssize_t size = 0; (size = read(ends[0], text, sizeof text)) > 0;)
    if (said != nullptr) said->append(text, static_cast<std::size_t>(size));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
}

#ifdef _OPENMP
constexpr int several = 3;
void allow_regions_in_regions() { omp_set_max_active_levels(2); }
#else
constexpr int several = 1;
void allow_regions_in_regions() {}
#endif

// The thread sanitizer makes no thread in a child of a program that had some.
#if defined(__SANITIZE_THREAD__)
constexpr bool can_fork = false;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool can_fork = false;
#else
constexpr bool can_fork = true;
#endif
#else
constexpr bool can_fork = true;
#endif

// A function, not an object: g++ 12 takes an empty one inside of a boost::function for a number that was never set.
boost::test_tools::assertion_result with_forks(boost::unit_test::test_unit_id) { return can_fork; }

} // namespace

BOOST_AUTO_TEST_SUITE(runtime_threads, *boost::unit_test::precondition(with_forks))

BOOST_AUTO_TEST_CASE(a_child_has_threads_as_its_parent_has) {
  BOOST_TEST(threads_at_work(several) == several);
  BOOST_TEST(in_child([] { return threads_at_work(several); }) == several);
  BOOST_TEST(in_child([] {
               return threads_at_work(several) == several ? in_child([] { return threads_at_work(several); }) : 0;
             }) == several);
  BOOST_TEST(threads_at_work(several) == several);
  std::thread([] {
    BOOST_TEST(in_child([] { return threads_at_work(several); }) == several);
    BOOST_TEST(threads_at_work(several) == several);
    BOOST_TEST(in_child([] { return threads_at_work(several); }) == several);
  }).join();
}

// The threads of the region are the parent's, and the runtime cannot let go of them: it would wait for them.
BOOST_AUTO_TEST_CASE(a_child_of_a_thread_at_work_has_one_thread_and_says_so) {
  team(several).run([](const member& who) {
    if (who.rank != 0) return;
    std::string said;
    BOOST_TEST(in_child([] { return threads_at_work(several); }) == 1);
    BOOST_TEST(in_child(
                   [] {
                     allow_regions_in_regions();
                     return threads_at_work(several) + 10 * threads_at_work(several);
                   },
                   &said) == 11);
    const std::string words = "fusegrad: 1 of 3 threads are used, for this process was forked inside a parallel region";
    BOOST_TEST((several == 1 || said.find(words) != std::string::npos), said);
    BOOST_TEST((said.find(words) == said.rfind(words)), said);
  });
}

// Both runtimes would end the program.
BOOST_AUTO_TEST_CASE(threads_that_the_system_refuses_are_done_without) {
  constexpr int most = 8;
  std::string said;
  const int size = in_child(
      [] {
        rlimit few{3, 3};
        setrlimit(RLIMIT_NPROC, &few);
        // Limits are not for the superuser.
        if (getuid() == 0 && setuid(65'534) != 0) return most;
        const int first = threads_at_work(most);
        return threads_at_work(most) == first && threads_at_work(2) <= 2 ? first : 0;
      },
      &said);
  BOOST_TEST(size >= 1);
  BOOST_TEST(size <= 3);
  BOOST_TEST((several == 1 || said.find(" of 8 threads are used, for the system gives no more") != std::string::npos),
             said);
}

// Some of many are left to the runtime, whose threads take memory of their own.
BOOST_AUTO_TEST_CASE(of_many_threads_that_a_system_gives_some_are_left_alone) {
  if (several == 1) return;
  const int size = in_child([] {
    if (getuid() == 0 && setuid(65'534) != 0) return 36;
    rlimit some{41, 41};
    setrlimit(RLIMIT_NPROC, &some);
    return threads_at_work(100);
  });
  BOOST_TEST(size >= 2);
  BOOST_TEST(size <= 36);
}

BOOST_AUTO_TEST_SUITE_END()
