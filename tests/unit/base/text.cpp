// SPDX-License-Identifier: MIT
#include <fusegrad/base/text.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>

namespace {

namespace base = fusegrad::base;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

BOOST_AUTO_TEST_SUITE(base_text)

BOOST_AUTO_TEST_CASE(thousands_are_set_apart) {
  BOOST_TEST(base::grouped(0) == "0");
  BOOST_TEST(base::grouped(999) == "999");
  BOOST_TEST(base::grouped(1000) == "1,000");
  BOOST_TEST(base::grouped(12300) == "12,300");
  BOOST_TEST(base::grouped(123456789) == "123,456,789");
  BOOST_TEST(base::grouped(18446744073709551615u) == "18,446,744,073,709,551,615");
  BOOST_TEST(base::grouped_rounded(12299.6) == "12,300");
  BOOST_TEST(base::grouped_rounded(0.4) == "0");
  BOOST_TEST(base::grouped_rounded(nan) == "-");
  BOOST_TEST(base::grouped_rounded(infinity) == "-");
  BOOST_TEST(base::grouped_rounded(-1) == "-");
}

BOOST_AUTO_TEST_CASE(small_numbers_are_not_hidden) {
  BOOST_TEST(base::readable(0.21434) == "0.2143");
  BOOST_TEST(base::readable(0) == "0.0000");
  BOOST_TEST(base::readable(-2.5) == "-2.5000");
  BOOST_TEST(base::readable(0.00012345) == "1.234e-04");
  BOOST_TEST(base::readable(-1.5e8) == "-1.500e+08");
  BOOST_TEST(base::readable(nan) == "-");
  BOOST_TEST(base::readable(infinity) == "inf");
  BOOST_TEST(base::fixed(1.25, 1) == "1.2");
  BOOST_TEST(base::fixed(3, 0) == "3");
  BOOST_TEST(base::fixed(std::numeric_limits<double>::max(), 2).size() == 309 + 3);
}

BOOST_AUTO_TEST_CASE(durations_use_two_units_at_most) {
  BOOST_TEST(base::duration(0) == "0 s");
  BOOST_TEST(base::duration(0.42) == "0.42 s");
  BOOST_TEST(base::duration(4.31) == "4.3 s");
  BOOST_TEST(base::duration(9.96) == "10 s");
  BOOST_TEST(base::duration(59.4) == "59 s");
  BOOST_TEST(base::duration(59.6) == "1 min");
  BOOST_TEST(base::duration(125) == "2 min 5 s");
  BOOST_TEST(base::duration(3600) == "1 h");
  BOOST_TEST(base::duration(12000) == "3 h 20 min");
  BOOST_TEST(base::duration(86400 + 3 * 3600) == "1 day 3 h");
  BOOST_TEST(base::duration(2 * 86400 + 4 * 3600) == "2 days 4 h");
  BOOST_TEST(base::duration(nan) == "-");
  BOOST_TEST(base::duration(-1) == "-");
  BOOST_TEST(base::duration(infinity) == "-");
}

BOOST_AUTO_TEST_CASE(what_is_left_is_rounded_to_seconds) {
  BOOST_TEST(base::time_left(4.31) == "about 4 s left");
  BOOST_TEST(base::time_left(0.6) == "about 1 s left");
  BOOST_TEST(base::time_left(0.2) == "less than 1 s left");
  BOOST_TEST(base::time_left(125.3) == "about 2 min 5 s left");
}

BOOST_AUTO_TEST_CASE(text_is_aligned_but_never_cut) {
  BOOST_TEST(base::right_aligned("12", 4) == "  12");
  BOOST_TEST(base::left_aligned("12", 4) == "12  ");
  BOOST_TEST(base::right_aligned("12345", 4) == "12345");
  BOOST_TEST(base::left_aligned("12345", 4) == "12345");
}

BOOST_AUTO_TEST_CASE(brief_numbers_keep_their_size) {
  BOOST_TEST(fusegrad::base::brief(0.1) == "0.1");
  BOOST_TEST(fusegrad::base::brief(-1) == "-1");
  BOOST_TEST(fusegrad::base::brief(1e300) == "1e+300");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
