// SPDX-License-Identifier: MIT
#include <fusegrad/base/terminal.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#if defined(__linux__)
#include <fcntl.h>
#endif

namespace {

struct close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using file = std::unique_ptr<std::FILE, close>;

BOOST_AUTO_TEST_SUITE(base_terminal)

BOOST_AUTO_TEST_CASE(a_file_is_no_terminal) {
  const file f{std::tmpfile()};
  BOOST_REQUIRE(f != nullptr);
  BOOST_TEST(!fusegrad::base::is_terminal(f.get()));
}

#if defined(__linux__)
BOOST_AUTO_TEST_CASE(a_terminal_is_one_unless_it_is_dumb) {
  const int descriptor = posix_openpt(O_RDWR | O_NOCTTY);
  if (descriptor < 0 || grantpt(descriptor) != 0 || unlockpt(descriptor) != 0) {
    BOOST_TEST_MESSAGE("skipped: no pseudo terminal to be had"); // a bare container may have none
    return;
  }
  const file controller{fdopen(descriptor, "r+")};
  BOOST_REQUIRE(controller != nullptr);
  const file screen{fopen(ptsname(descriptor), "r+")};
  BOOST_REQUIRE(screen != nullptr);
  const char* before = std::getenv("TERM");
  const std::string term = before == nullptr ? "" : before;
  setenv("TERM", "xterm", 1);
  BOOST_TEST(fusegrad::base::is_terminal(screen.get()));
  setenv("TERM", "dumb", 1);
  BOOST_TEST(!fusegrad::base::is_terminal(screen.get()));
  if (before == nullptr)
    unsetenv("TERM");
  else
    setenv("TERM", term.c_str(), 1);
}
#endif

BOOST_AUTO_TEST_SUITE_END()

} // namespace
