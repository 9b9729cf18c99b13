// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/version.hpp>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <string>

namespace {

BOOST_AUTO_TEST_SUITE(inspect_version)

BOOST_AUTO_TEST_CASE(is_that_of_the_package) {
  std::ifstream file(FUSEGRAD_SOURCE_DIR "/CMakeLists.txt");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  BOOST_REQUIRE(!text.empty());
  BOOST_TEST(text.find("project(fusegrad VERSION " + std::string(fusegrad::version) + " ") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
