// SPDX-License-Identifier: MIT
#include "../src/base/checksum.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace {

using fusegrad::base::checksum;

std::uint64_t of(std::string_view text) {
  checksum sum;
  sum.add(text);
  return sum.value();
}

BOOST_AUTO_TEST_SUITE(base_checksum)

// The check value of CRC-64/XZ in the catalogue of parametrised CRC algorithms.
BOOST_AUTO_TEST_CASE(is_the_published_one) {
  BOOST_TEST(of("123456789") == 0x995DC9BBDF1939FAu);
  BOOST_TEST(of("") == 0u);
  checksum sum;
  sum.add("123456789");
  BOOST_TEST(sum.to_string() == "995dc9bbdf1939fa");
}

BOOST_AUTO_TEST_CASE(pieces_make_the_same_as_the_whole) {
  const std::string text = "The quick brown fox jumps over the lazy dog";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    checksum sum;
    sum.add(std::string_view(text).substr(0, cut));
    sum.add(std::string_view(text).substr(cut));
    BOOST_TEST(sum.value() == of(text));
  }
}

BOOST_AUTO_TEST_CASE(where_a_text_ends_matters) {
  checksum one, other;
  one.add_text("ab");
  one.add_text("c");
  other.add_text("a");
  other.add_text("bc");
  BOOST_TEST(one.value() != other.value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
