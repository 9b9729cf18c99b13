// SPDX-License-Identifier: MIT
#include <fusegrad/base/csv_field.hpp>

#include <boost/test/unit_test.hpp>

namespace {

using fusegrad::base::csv_field;

BOOST_AUTO_TEST_SUITE(base_csv_field)

BOOST_AUTO_TEST_CASE(a_field_is_in_quotes_where_it_would_be_several) {
  BOOST_TEST(csv_field("").empty());
  BOOST_TEST(csv_field("macro F1") == "macro F1");
  BOOST_TEST(csv_field("a,b") == "\"a,b\"");
  BOOST_TEST(csv_field("a \"b\"") == "\"a \"\"b\"\"\"");
  BOOST_TEST(csv_field("a\nb") == "\"a\nb\"");
  BOOST_TEST(csv_field("a\rb") == "\"a\rb\"");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
