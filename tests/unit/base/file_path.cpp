// SPDX-License-Identifier: MIT
#include <fusegrad/base/file_path.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>

using fusegrad::base::file_path;
namespace files = std::filesystem;

static_assert(!std::is_convertible_v<int, file_path>);
static_assert(!std::is_convertible_v<std::nullptr_t, file_path>);
static_assert(!std::is_convertible_v<std::wstring, file_path>);
static_assert(!std::is_convertible_v<file_path, int>);
static_assert(!std::is_convertible_v<file_path, const char*>);

BOOST_AUTO_TEST_SUITE(file_paths)

namespace {
struct setting { // as an option that is read as whatever it is used for
  operator std::string() const { return "runs"; }
};
struct other_setting {
  operator std::string() const { return "runs"; }
  operator std::string_view() const { return "runs"; }
  operator const char*() const { return "runs"; }
};

std::string text_of(const file_path& path) { return path.string(); }
std::string text_of_theirs(const files::path& path) { return path.string(); }
} // namespace

BOOST_AUTO_TEST_CASE(text_and_paths_become_one) {
  const std::string text = "runs/first.csv";
  const files::path theirs = text;
  BOOST_TEST(text_of("runs/first.csv") == text);
  BOOST_TEST(text_of(text) == text);
  BOOST_TEST(text_of(std::string_view(text).substr(0, 4)) == "runs");
  BOOST_TEST(text_of(theirs) == text);
  BOOST_TEST(text_of(files::path("runs") / "first.csv") == text);
  BOOST_TEST(text_of({text}) == text);
}

BOOST_AUTO_TEST_CASE(what_becomes_text_becomes_one) {
  BOOST_TEST(text_of(setting{}) == "runs");
  BOOST_TEST(text_of(other_setting{}) == "runs");
  const char array[] = "runs";
  char changeable[] = "runs";
  BOOST_TEST(text_of(array) == "runs");
  BOOST_TEST(text_of(changeable) == "runs");
}

BOOST_AUTO_TEST_CASE(utf8_is_taken_as_it_is) {
  const std::string text = "r\xc3\xbcn";
  const std::u8string theirs = u8"r\u00fcn";
  BOOST_TEST(text_of(u8"r\u00fcn") == text);
  BOOST_TEST(text_of(theirs) == text);
  BOOST_TEST(text_of(std::u8string_view(theirs).substr(0, 3)) == text.substr(0, 3));
  BOOST_TEST(text_of(files::path(theirs)) == text);
}

BOOST_AUTO_TEST_CASE(an_entry_of_a_folder_becomes_one) {
  const files::directory_entry entry(files::path("."));
  BOOST_TEST(text_of(entry) == ".");
}

BOOST_AUTO_TEST_CASE(it_becomes_a_path_of_the_standard_library) {
  const file_path ours = "runs/first.csv";
  const files::path theirs = ours;
  BOOST_TEST(theirs.filename().string() == "first.csv");
  BOOST_TEST(text_of_theirs(ours) == "runs/first.csv");
  files::path assigned;
  assigned = ours;
  BOOST_TEST(assigned.string() == ours.string());
}

BOOST_AUTO_TEST_SUITE_END()
