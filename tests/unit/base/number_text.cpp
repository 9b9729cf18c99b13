// SPDX-License-Identifier: MIT
#include "../src/base/number_text.hpp"

#include <boost/test/unit_test.hpp>

#include <clocale>
#include <cmath>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace {

using fusegrad::base::read_number;

template <class T> void reads(std::string_view text, T expected) {
  T found{};
  BOOST_TEST((read_number(text, found) == std::errc{}), text);
  BOOST_TEST(found == expected, text);
  BOOST_TEST(std::signbit(found) == std::signbit(expected), text);
}

template <class T> void refuses(std::string_view text, std::errc reason) {
  T found{};
  BOOST_TEST((read_number(text, found) == reason), text);
}

BOOST_AUTO_TEST_SUITE(base_number_text)

BOOST_AUTO_TEST_CASE(reads_what_from_chars_reads) {
  reads("0", 0.0);
  reads("-1.5e3", -1500.0);
  reads(".25", 0.25);
  reads("5.", 5.0);
  reads("1E+2", 100.0f);
  reads("0.1", 0.1f);
  reads("0.1", 0.1);
  reads("123456789012345678901234567890", 123456789012345678901234567890.0);
  reads("inf", std::numeric_limits<double>::infinity());
  double nothing = 0;
  BOOST_TEST((read_number("nan", nothing) == std::errc{}));
  BOOST_TEST(std::isnan(nothing));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_number) {
  for (const char* text : {"", "-", "+1", " 1", "1 ", "1x", "x", "0x10", "1e", "--1", "-+1", "1,5", ".", "e5", "1_000",
                           "1e-400x", "1e-5000 ", "0.0e-9999e", "1e9999?"}) {
    refuses<float>(text, std::errc::invalid_argument);
    refuses<double>(text, std::errc::invalid_argument);
  }
}

BOOST_AUTO_TEST_CASE(too_small_is_the_nearest_there_is) {
  reads("1e-42", 1e-42f);
  reads("-1e-42", -1e-42f);
  reads("4.9e-324", std::numeric_limits<double>::denorm_min());
  reads("1e-320", 1e-320);
  for (const char* text : {"1e-400", "1e-5000", "0.0000001e-99999999999999999999999", "0.1e-2000"}) {
    reads(text, 0.0);
    reads(text, 0.0f);
    reads("-" + std::string(text), -0.0);
    reads("-" + std::string(text), -0.0f);
  }
  reads("0." + std::string(5000, '0') + "1", 0.0);
  reads("0e99999999999999999999", 0.0);
}

BOOST_AUTO_TEST_CASE(too_large_is_out_of_range) {
  for (const char* text : {"1e5000", "-1e5000", "1e99999999999999999999999", "12345.6e4000"})
    for (const auto& number : {std::string(text), '0' + std::string(text).substr(text[0] == '-' ? 1 : 0)})
      refuses<double>(number, std::errc::result_out_of_range);
  refuses<float>("1e39", std::errc::result_out_of_range);
  refuses<float>("-1e39", std::errc::result_out_of_range);
  refuses<double>("1" + std::string(5000, '0'), std::errc::result_out_of_range);
  reads("0." + std::string(400, '0') + "1e400", 0.1);
}

BOOST_AUTO_TEST_CASE(the_decimal_comma_of_a_locale_changes_nothing) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  if (std::setlocale(LC_ALL, "de_DE.UTF-8") == nullptr) BOOST_TEST_MESSAGE("no German locale here");
  reads("1.5", 1.5);
  std::setlocale(LC_ALL, before.c_str());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
