// SPDX-License-Identifier: MIT
#include <fusegrad/base/file_path.hpp>

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>

using fusegrad::base::file_path;
namespace files = std::filesystem;

static_assert(!std::is_convertible_v<int, file_path>);
static_assert(!std::is_convertible_v<file_path, int>);
static_assert(!std::is_convertible_v<file_path, const char*>);

BOOST_AUTO_TEST_SUITE(file_paths)

namespace {
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
