// SPDX-License-Identifier: MIT
#include <fusegrad/train/ranking.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <span>
#include <stdexcept>
#include <vector>

namespace {

namespace fg = fusegrad;

double auc(const std::vector<double>& s, const std::vector<std::int32_t>& y) {
  return fg::roc_auc(std::span<const double>(s), std::span<const std::int32_t>(y));
}
double precision(const std::vector<double>& s, const std::vector<std::int32_t>& y) {
  return fg::average_precision(std::span<const double>(s), std::span<const std::int32_t>(y));
}

} // namespace

BOOST_AUTO_TEST_SUITE(train_ranking)

// The examples of scikit-learn's documentation.
BOOST_AUTO_TEST_CASE(the_examples_of_scikit_learn) {
  BOOST_TEST(auc({0.1, 0.4, 0.35, 0.8}, {0, 0, 1, 1}) == 0.75);
  BOOST_TEST(precision({0.1, 0.4, 0.35, 0.8}, {0, 0, 1, 1}) == 0.8333333333333333, boost::test_tools::tolerance(1e-15));
}

BOOST_AUTO_TEST_CASE(ends) {
  BOOST_TEST(auc({1, 2, 3, 4}, {0, 0, 1, 1}) == 1);
  BOOST_TEST(auc({4, 3, 2, 1}, {0, 0, 1, 1}) == 0);
  BOOST_TEST(auc({1, 1, 1, 1}, {0, 1, 0, 1}) == 0.5);
  BOOST_TEST(precision({1, 1, 1, 1}, {0, 1, 0, 0}) == 0.25);
  BOOST_TEST(std::isnan(auc({1, 2}, {1, 1})));
  BOOST_TEST(std::isnan(auc({}, {})));
  BOOST_TEST(std::isnan(precision({1, 2}, {0, 0})));
}

// By definition: over all pairs, and over all thresholds; with many equal scores.
BOOST_AUTO_TEST_CASE(they_are_what_they_are_defined_as) {
  const fg::base::random_stream stream(3);
  std::vector<double> s;
  std::vector<std::int32_t> y;
  for (std::uint64_t i = 0; i < 200; ++i) {
    y.push_back(stream.uniform(2 * i) < 0.3 ? 1 : 0);
    s.push_back(std::floor(10 * stream.uniform(2 * i + 1) + 3 * y.back()));
  }
  double pairs = 0, won = 0, sum = 0, sought = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (y[i] != 1) continue;
    double above = 0, right = 0;
    for (std::size_t k = 0; k < s.size(); ++k) {
      if (s[k] >= s[i]) ++above, right += y[k];
      if (y[k] == 0) ++pairs, won += s[i] > s[k] ? 1 : s[i] == s[k] ? 0.5 : 0;
    }
    sum += right / above;
    ++sought;
  }
  BOOST_TEST(auc(s, y) == won / pairs, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(precision(s, y) == sum / sought, boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  BOOST_CHECK_THROW(auc({1, 2}, {1}), std::invalid_argument);
  BOOST_CHECK_THROW(auc({1, 2}, {1, 2}), std::invalid_argument);
  BOOST_CHECK_THROW(auc({1, std::nan("")}, {1, 0}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
