// SPDX-License-Identifier: MIT
#include "../src/base/file.hpp"
#include "../src/base/system_calls.hpp"

#include "laws/train/allocations.hpp"

#include <fusegrad/base/file_error.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
namespace base = fusegrad::base;
using base::file_error;
using base::read_file;
using base::write_durably;
using namespace std::string_literals;

/// A folder of its own, empty at the beginning and removed at the end.
class scratch {
public:
  scratch() : path_(fs::temp_directory_path() / ("fusegrad_file_" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  ~scratch() { fs::remove_all(path_); }
  fs::path operator/(const std::string& name) const { return path_ / name; }
  std::size_t count() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

private:
  fs::path path_;
};

/// Puts the system's own calls back.
class replaced_calls {
public:
  replaced_calls() : before_(base::calls) {}
  replaced_calls(const replaced_calls&) = delete;
  replaced_calls& operator=(const replaced_calls&) = delete;
  ~replaced_calls() { base::calls = before_; }

private:
  base::system_calls before_;
};

mode_t mode_of(const fs::path& path) {
  struct stat status{};
  BOOST_REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

auto says(const std::string& words) {
  return [words](const file_error& error) {
    BOOST_TEST(std::string(error.what()) == words);
    return error.what() == words;
  };
}

BOOST_AUTO_TEST_SUITE(base_file)

BOOST_AUTO_TEST_CASE(the_parts_come_one_after_the_other) {
  const scratch folder;
  const auto path = folder / "file";
  write_durably(path, {"a", "", "bc"});
  BOOST_TEST(read_file(path) == "abc");
  write_durably(path, {});
  BOOST_TEST(read_file(path) == "");
  BOOST_TEST(folder.count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_new_file_has_the_usual_mode_and_an_older_one_keeps_its_own) {
  const scratch folder;
  const mode_t mask = ::umask(027);
  write_durably(folder / "new", {"1"});
  ::umask(mask);
  BOOST_TEST(mode_of(folder / "new") == 0640u);
  for (const mode_t mode : {0600u, 0644u, 0666u, 0755u}) {
    const auto path = folder / "older";
    write_durably(path, {"1"});
    BOOST_REQUIRE(::chmod(path.c_str(), mode) == 0);
    write_durably(path, {"2"});
    BOOST_TEST(mode_of(path) == mode);
    BOOST_TEST(read_file(path) == "2");
  }
}

BOOST_AUTO_TEST_CASE(owner_and_group_are_kept_where_we_may) {
  if (::geteuid() != 0) {
    BOOST_TEST_MESSAGE("skipped: only root may give files away");
    return;
  }
  const scratch folder;
  const auto path = folder / "file";
  write_durably(path, {"1"});
  BOOST_REQUIRE(::chown(path.c_str(), 1, 2) == 0);
  write_durably(path, {"2"});
  struct stat status{};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST(status.st_uid == 1u);
  BOOST_TEST(status.st_gid == 2u);
  // Where we may not, our own group gets no more than everybody.
  BOOST_REQUIRE(::chmod(path.c_str(), 0664) == 0);
  const replaced_calls restored;
  base::calls.change_owner = [](int, uid_t, gid_t) { return errno = EPERM, -1; };
  write_durably(path, {"3"});
  BOOST_TEST(mode_of(path) == 0644u);
}

BOOST_AUTO_TEST_CASE(links_stay_links) {
  const scratch folder;
  fs::create_directory(folder / "runs");
  write_durably(folder / "runs/1", {"old"});
  fs::create_symlink("runs/1", folder / "one");
  fs::create_symlink(folder / "one", folder / "latest");
  write_durably(folder / "latest", {"new"});
  BOOST_TEST(fs::is_symlink(folder / "latest"));
  BOOST_TEST(fs::is_symlink(folder / "one"));
  BOOST_TEST(fs::is_regular_file(fs::symlink_status(folder / "runs/1")));
  BOOST_TEST(read_file(folder / "runs/1") == "new");
  fs::create_symlink("runs/2", folder / "next");
  write_durably(folder / "next", {"2"});
  BOOST_TEST(fs::is_symlink(folder / "next"));
  BOOST_TEST(read_file(folder / "runs/2") == "2");
}

BOOST_AUTO_TEST_CASE(links_that_lead_nowhere_are_refused) {
  const scratch folder;
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  const std::string name = (folder / "a").string();
  BOOST_CHECK_EXCEPTION(write_durably(name, {"1"}), file_error,
                        says(name + ": cannot be written: Too many levels of symbolic links"));
  BOOST_TEST(folder.count() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_written_to) {
  const scratch folder;
  const auto pipe = folder / "pipe";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::string received;
  std::thread reader([&] { received = read_file(pipe); });
  write_durably(pipe, {"ab", "c"});
  reader.join();
  BOOST_TEST(received == "abc");
  BOOST_TEST(fs::is_fifo(pipe));
  write_durably("/dev/null", {"abc"});
  BOOST_TEST(fs::is_character_file("/dev/null"));
  BOOST_TEST(folder.count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_reader_that_goes_away_is_an_error) {
  const scratch folder;
  const auto pipe = folder / "pipe";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread reader([&] {
    const int file = ::open(pipe.c_str(), O_RDONLY);
    char first = 0;
    static_cast<void>(::read(file, &first, 1) == 1);
    ::close(file);
  });
  const std::string much(1 << 20, 'x');
  BOOST_CHECK_EXCEPTION(write_durably(pipe, {much}), file_error,
                        says(pipe.string() + ": cannot be written: Broken pipe"));
  reader.join();
}

// What a process holds open is no name: a log that this process appends to is neither replaced nor cut.
BOOST_AUTO_TEST_CASE(open_files_are_appended_to) {
  const scratch folder;
  const auto log = folder / "log";
  write_durably(log, {"before "});
  const int file = ::open(log.c_str(), O_WRONLY | O_APPEND);
  const auto link = "/proc/self/fd/" + std::to_string(file);
  if (fs::exists(link)) write_durably(link, {"behind"});
  ::close(file);
  BOOST_TEST(read_file(log) == (fs::exists("/proc/self/fd") ? "before behind" : "before "));
}

// Root may write to every file, and is somebody else for as long as this takes.
BOOST_AUTO_TEST_CASE(a_protected_file_is_refused) {
  constexpr uid_t nobody = 65534;
  const scratch folder;
  const auto path = folder / "file";
  write_durably(path, {"1"});
  BOOST_REQUIRE(::chmod(path.c_str(), 0400) == 0);
  const bool is_root = ::geteuid() == 0;
  if (is_root) BOOST_REQUIRE(::chown(path.c_str(), nobody, nobody) == 0);
  if (is_root) BOOST_REQUIRE(::seteuid(nobody) == 0);
  std::string words;
  try {
    write_durably(path, {"2"});
  } catch (const file_error& error) {
    words = error.what();
  }
  if (is_root) BOOST_REQUIRE(::seteuid(0) == 0);
  BOOST_TEST(words == path.string() + ": cannot be written: Permission denied");
  BOOST_TEST(read_file(path) == "1");
}

BOOST_AUTO_TEST_CASE(errors_name_the_file_and_the_cause) {
  const scratch folder;
  const auto refused = [](const fs::path& path, const std::string& cause) {
    BOOST_CHECK_EXCEPTION(write_durably(path, {"1"}), file_error,
                          says(path.string() + ": cannot be written: " + cause));
  };
  refused(folder / "no/file", "No such file or directory");
  refused("", "No such file or directory");
  fs::create_directory(folder / "taken");
  refused(folder / "taken", "Is a directory");
  if (fs::exists("/dev/full")) refused("/dev/full", "No space left on device");
  BOOST_CHECK_THROW(read_file(folder / "no/file"), file_error);
  BOOST_CHECK_THROW(read_file(folder / "taken"), file_error);
  BOOST_TEST(folder.count() == 1u);
}

// As it would be if a path were taken from somewhere without a look at it.
BOOST_AUTO_TEST_CASE(a_device_without_an_end_is_refused) {
  if (!fs::exists("/dev/zero")) return;
  BOOST_CHECK_EXCEPTION(read_file("/dev/zero"), file_error,
                        says("/dev/zero: expected the end within 64 MiB, as of a file, found a device that goes on"));
  BOOST_CHECK_EXCEPTION(base::read_part("/dev/zero", 0, 1), file_error,
                        says("/dev/zero: expected a file to read in parts, found a device"));
  BOOST_TEST(read_file("/dev/null") == "");
}

// Whoever names a file may not write to the terminal of whoever reads the message.
BOOST_AUTO_TEST_CASE(control_characters_of_names_are_not_in_messages) {
  BOOST_CHECK_EXCEPTION(read_file("/no/\x1B[31mred\xC2\x9B"
                                  "1m\x7F\xC3\xA4"),
                        file_error, says("/no/?[31mred?1m?\xC3\xA4: cannot be opened: No such file or directory"));
  BOOST_TEST(file_error("first\n\tsecond").what() == "first\n\tsecond"s);
  BOOST_TEST(base::in_quotes("a\nb\tc\x1B\xC2\x9B"
                             "d") == "\"a?b?c??d\"");
}

// --- each call fails in turn

int calls_left = -1; // negative: none fails
int failure = EIO;

bool fails_now() {
  if (calls_left < 0 || calls_left-- > 0) return false;
  errno = failure;
  return true;
}

/// Lets the n-th of the calls fail, whichever it is.
void let_all_fail_in_turn() {
  static base::system_calls own;
  own = base::calls;
  base::calls.open = [](const char* path, int flags, mode_t mode) {
    return fails_now() ? -1 : own.open(path, flags, mode);
  };
  base::calls.write = [](int file, const void* bytes, std::size_t count) {
    return fails_now() ? -1 : own.write(file, bytes, count);
  };
  base::calls.sync = [](int file) { return fails_now() ? -1 : own.sync(file); };
  base::calls.change_owner = [](int file, uid_t owner, gid_t group) {
    return fails_now() ? -1 : own.change_owner(file, owner, group);
  };
  base::calls.change_mode = [](int file, mode_t mode) { return fails_now() ? -1 : own.change_mode(file, mode); };
  base::calls.lock = [](int file) { return fails_now() ? -1 : own.lock(file); };
  base::calls.rename = [](const char* from, const char* to) { return fails_now() ? -1 : own.rename(from, to); };
}

BOOST_AUTO_TEST_CASE(whatever_fails_the_older_file_stays_or_the_new_one_is_whole) {
  for (const int reason : {ENOSPC, EIO, EACCES, EMFILE, EDQUOT, ENOLCK}) {
    int refused = 0;
    int written = 0;
    for (int n = 0;; ++n) {
      const scratch folder;
      const auto path = folder / "file";
      write_durably(path, {"older"});
      BOOST_REQUIRE(::chmod(path.c_str(), 0604) == 0);
      const replaced_calls restored;
      let_all_fail_in_turn();
      failure = reason;
      calls_left = n;
      std::string words;
      try {
        write_durably(path, {"new", "er"});
      } catch (const file_error& error) {
        words = error.what();
      }
      const bool all_succeeded = calls_left >= 0;
      calls_left = -1;
      const bool is_in_place =
          words.empty() || words.find("was written, but its folder cannot be synced") != std::string::npos;
      BOOST_TEST(read_file(path) == (is_in_place ? "newer" : "older"));
      BOOST_TEST(mode_of(path) == 0604u);
      BOOST_TEST(folder.count() == 1u);
      if (!words.empty()) BOOST_TEST(words.starts_with(path.string() + ": "));
      if (!words.empty()) BOOST_TEST(words.ends_with(std::generic_category().message(reason)));
      if (all_succeeded) break;
      ++(is_in_place ? written : refused);
    }
    // Opening the temporary file, the mode, two writes, a sync and renaming; and opening the folder, if not for its
    // rights.
    BOOST_TEST(refused >= 6);
    // The lock, looking for leftovers, the folder's sync.
    BOOST_TEST(written >= 2);
  }
}

BOOST_AUTO_TEST_CASE(short_and_interrupted_writes_go_on) {
  const scratch folder;
  const replaced_calls restored;
  static ssize_t (*own)(int, const void*, std::size_t);
  static int turn;
  own = base::calls.write;
  turn = 0;
  base::calls.write = [](int file, const void* bytes, std::size_t count) -> ssize_t {
    if (++turn % 3 != 0) return own(file, bytes, std::min<std::size_t>(count, 2));
    errno = EINTR;
    return -1;
  };
  write_durably(folder / "file", {"0123456789", "abcdefg"});
  BOOST_TEST(read_file(folder / "file") == "0123456789abcdefg");
  BOOST_TEST(turn > 9);
  base::calls.write = [](int, const void*, std::size_t) -> ssize_t { return 0; };
  BOOST_CHECK_THROW(write_durably(folder / "file", {"x"}), file_error);
  BOOST_TEST(read_file(folder / "file") == "0123456789abcdefg");
  BOOST_TEST(folder.count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_file_system_that_syncs_nothing_is_no_error) {
  const scratch folder;
  const replaced_calls restored;
  base::calls.sync = [](int) { return errno = EINVAL, -1; };
  write_durably(folder / "file", {"1"});
  BOOST_TEST(read_file(folder / "file") == "1");
}

BOOST_AUTO_TEST_CASE(every_sync_is_made) {
  const scratch folder;
  const replaced_calls restored;
  static std::string order;
  static base::system_calls own;
  own = base::calls;
  order.clear();
  base::calls.write = [](int file, const void* bytes, std::size_t count) {
    return order += 'w', own.write(file, bytes, count);
  };
  base::calls.sync = [](int file) {
    struct stat status{};
    ::fstat(file, &status);
    order += S_ISDIR(status.st_mode) ? 'd' : 's';
    return own.sync(file);
  };
  base::calls.rename = [](const char* from, const char* to) { return order += 'r', own.rename(from, to); };
  write_durably(folder / "file", {"1"});
  BOOST_TEST(order == "wsrd");
}

BOOST_AUTO_TEST_CASE(when_memory_runs_out_nothing_is_left_behind) {
  const scratch folder;
  const auto path = folder / "file";
  write_durably(path, {"older"});
  const auto tried = fusegrad::test::fail_each_allocation([&] { write_durably(path, {"newer"}); },
                                                          [&] {
                                                            BOOST_TEST(read_file(path) == "older");
                                                            BOOST_TEST(folder.count() == 1u);
                                                          });
  BOOST_TEST((tried > 0 || !fusegrad::test::allocations_are_counted));
  BOOST_TEST(read_file(path) == "newer");
}

// Memory for the words of the error, too.
BOOST_AUTO_TEST_CASE(when_memory_runs_out_for_the_error_nothing_is_left_behind) {
  const scratch folder;
  const auto path = folder / "file";
  write_durably(path, {"older"});
  const replaced_calls restored;
  base::calls.sync = [](int) { return errno = EIO, -1; };
  const auto save = [&] {
    try {
      write_durably(path, {"newer"});
    } catch (const file_error&) {
    }
  };
  BOOST_TEST(fusegrad::test::fail_each_allocation(save, [&] { BOOST_TEST(folder.count() == 1u); }) >
             (fusegrad::test::allocations_are_counted ? 0 : -1));
  BOOST_TEST(read_file(path) == "older");
}

// --- other processes

BOOST_AUTO_TEST_CASE(leftovers_are_removed_and_never_in_the_way) {
  const scratch folder;
  for (const char* number : {"0", "1", "5"}) std::ofstream(folder / (".fusegrad-"s + number + ".part")) << "left";
  BOOST_REQUIRE(folder.count() == 3u);
  write_durably(folder / "file", {"1"});
  BOOST_TEST(folder.count() == 1u);
  // Somebody writes to each of them.
  std::vector<int> held;
  for (int i = 0; i < 100; ++i) {
    held.push_back(::open((folder / (".fusegrad-" + std::to_string(i) + ".part")).c_str(), O_CREAT | O_WRONLY, 0600));
    BOOST_REQUIRE(::flock(held.back(), LOCK_EX | LOCK_NB) == 0);
  }
  write_durably(folder / "file", {"2"});
  BOOST_TEST(read_file(folder / "file") == "2");
  BOOST_TEST(folder.count() == 101u);
  for (const int file : held) ::close(file);
  write_durably(folder / "file", {"3"});
  BOOST_TEST(folder.count() == 1u);
}

BOOST_AUTO_TEST_CASE(threads_that_write_at_once_each_write_a_whole_file) {
  const scratch folder;
  const auto path = folder / "file";
  std::vector<std::thread> writers;
  for (char letter = 'a'; letter < 'e'; ++letter) {
    writers.emplace_back([&, letter] {
      const std::string text(50000, letter);
      for (int i = 0; i < 25; ++i) write_durably(path, {text});
    });
  }
  bool is_whole = true;
  for (int i = 0; i < 50; ++i) {
    if (!fs::exists(path)) continue;
    const std::string text = read_file(path);
    is_whole = is_whole && text.size() == 50000 && text.find_first_not_of(text[0]) == std::string::npos;
  }
  for (auto& writer : writers) writer.join();
  BOOST_TEST(is_whole);
  BOOST_TEST(folder.count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_killed_process_leaves_a_whole_file_and_little_else) {
  constexpr int kills = 100;
  const scratch folder;
  const auto path = folder / "file";
  const std::string older(300000, 'a');
  const std::string newer(300000, 'b');
  write_durably(path, {older});
  std::mt19937 random(1);
  int torn = 0;
  int leftovers = 0;
  for (int i = 0; i < kills; ++i) {
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
      while (true) {
        write_durably(path, {older});
        write_durably(path, {newer});
      }
    }
    std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<>(500, 15000)(random)));
    ::kill(child, SIGKILL);
    BOOST_REQUIRE(::waitpid(child, nullptr, 0) == child);
    const std::string found = read_file(path);
    torn += found != older && found != newer ? 1 : 0;
    leftovers += folder.count() > 1 ? 1 : 0;
    BOOST_TEST(folder.count() <= 2u);
  }
  BOOST_TEST(torn == 0);
  // Else no kill met a process that was writing, and nothing was shown.
  BOOST_TEST(leftovers > 0);
  BOOST_TEST_MESSAGE(kills << " kills, " << leftovers << " of them while a temporary file was there");
  write_durably(path, {older});
  BOOST_TEST(folder.count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
