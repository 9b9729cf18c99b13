// SPDX-License-Identifier: MIT
#include <fusegrad/data/digits.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace {

using fusegrad::data::digits;

/// The value of a pixel as it stands in the original file, 0 to 16.
std::uint64_t original(float pixel) { return static_cast<std::uint64_t>(pixel * 16); }

BOOST_AUTO_TEST_SUITE(data_digits)

BOOST_AUTO_TEST_CASE(has_the_published_shape_and_class_counts) {
  const auto samples = digits();
  BOOST_TEST(samples.size() == 1797u);
  BOOST_TEST(samples.features() == 64u);
  BOOST_TEST(samples.class_count() == 10u);
  std::array<int, 10> counts{};
  for (const auto label : samples.labels()) ++counts.at(static_cast<std::size_t>(label));
  const std::array<int, 10> expected{178, 182, 177, 183, 181, 182, 181, 179, 174, 180};
  BOOST_TEST(counts == expected, boost::test_tools::per_element());
}

// The digest of the original file's numbers, pixels and label row by row, computed outside of this project.
BOOST_AUTO_TEST_CASE(has_the_digest_of_the_original_numbers) {
  const auto samples = digits();
  std::uint64_t digest = 0xcbf29ce484222325; // FNV-1a
  std::uint64_t sum = 0;
  const auto add = [&](std::uint64_t number) { digest = (digest ^ number) * 0x100000001b3; };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (const float pixel : samples.input(i)) {
      BOOST_REQUIRE(pixel >= 0);
      BOOST_REQUIRE(pixel <= 1);
      sum += original(pixel);
      add(original(pixel));
    }
    add(static_cast<std::uint64_t>(samples.label(i)));
  }
  BOOST_TEST(sum == 561718u);
  BOOST_TEST(digest == 0x776869cce3795967u);
}

BOOST_AUTO_TEST_CASE(begins_and_ends_with_the_known_rows) {
  const std::vector<std::uint64_t> first{
      0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0,  11, 8, 0, 0, 4, 12, 0,  0,  8, 8, 0,
      0, 5, 8, 0,  0, 9, 8, 0, 0, 4, 11, 0,  1,  12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6,  13, 10, 0, 0, 0};
  const std::vector<std::uint64_t> last{
      0, 0, 10, 14, 8,  1,  0, 0, 0, 2, 16, 14, 6, 1,  0, 0, 0, 0, 15, 15, 8, 15, 0, 0, 0, 0, 5, 16, 16, 10, 0, 0,
      0, 0, 12, 15, 15, 12, 0, 0, 0, 4, 16, 6,  4, 16, 6, 0, 0, 8, 16, 10, 8, 16, 8, 0, 0, 1, 8, 12, 14, 12, 1, 0};
  const auto samples = digits();
  for (std::size_t pixel = 0; pixel < 64; ++pixel) {
    BOOST_TEST(original(samples.input(0)[pixel]) == first[pixel]);
    BOOST_TEST(original(samples.input(1796)[pixel]) == last[pixel]);
  }
  BOOST_TEST(samples.label(0) == 0);
  BOOST_TEST(samples.label(1796) == 8);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
