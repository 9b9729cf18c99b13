// SPDX-License-Identifier: MIT
#include <fusegrad/train/relative_error.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <stdexcept>
#include <vector>

namespace {

namespace fg = fusegrad;
using fusegrad::test::says;

BOOST_AUTO_TEST_SUITE(train_relative_error)

BOOST_AUTO_TEST_CASE(over_the_size_of_what_is_exact) {
  BOOST_TEST(fg::relative_error(std::vector<float>{3, 4}, std::array{3., 4.}) == 0);
  BOOST_TEST(fg::relative_error(std::vector{3., 9.}, std::array{3., 4.}) == 1);
  BOOST_TEST(fg::relative_error(std::vector{0., 0.}, std::array{3., 4.}) == 1);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  const auto refused = [](const std::vector<double>& found, const std::vector<double>& exact, const char* words) {
    BOOST_CHECK_EXCEPTION(fg::relative_error(found, exact), std::invalid_argument, says(words));
  };
  refused({1, 2}, {1}, "2 numbers were found, there are 1 exact ones.");
  refused({1, 2}, {0, 0}, "no relative error beside a solution that is zero.");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
