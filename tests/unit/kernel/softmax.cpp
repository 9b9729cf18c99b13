// SPDX-License-Identifier: MIT
#include <fusegrad/kernel/softmax.hpp>

#include "unit/kernel/support.hpp"

#include <algorithm>
#include <vector>

namespace {

using namespace fusegrad;
using namespace fusegrad::test;

struct reference_row {
  std::vector<long double> logarithm; ///< of each probability
};

template <class T> reference_row reference(rows<T>& x, std::size_t r, std::size_t columns) {
  long double largest = x.at(r, 0), total = 0;
  for (std::size_t k = 1; k < columns; ++k) largest = std::max(largest, static_cast<long double>(x.at(r, k)));
  for (std::size_t k = 0; k < columns; ++k) total += std::exp(static_cast<long double>(x.at(r, k)) - largest);
  reference_row out;
  for (std::size_t k = 0; k < columns; ++k)
    out.logarithm.push_back(static_cast<long double>(x.at(r, k)) - largest - std::log(total));
  return out;
}

template <class T> bool is_near(T found, long double expected, double ulps = 16) {
  const auto tolerance = static_cast<long double>(std::numeric_limits<T>::epsilon()) * static_cast<long double>(ulps);
  return std::fabs(static_cast<long double>(found) - expected) <= tolerance * (1 + std::fabs(expected));
}

/// Logits from ordinary to extreme: +-1e4.
template <class T> void spread(rows<T>& x, std::size_t count, std::size_t columns, int i) {
  const T scale = i % 3 == 0 ? T(1) : i % 3 == 1 ? T(30) : T(1e4);
  for (std::size_t r = 0; r < count; ++r)
    for (std::size_t k = 0; k < columns; ++k) x.at(r, k) = scale * static_cast<T>(uniform(engine(), -1, 1));
  if (scale > 1000) x.at(0, 0) = scale, x.at(count - 1, columns - 1) = -scale;
}

template <class T> void check_memory(rows<T>& y) {
  y.check_padding_is_zero();
  y.check_untouched_around();
  y.check_slack_untouched();
}

} // namespace

BOOST_AUTO_TEST_SUITE(kernel_softmax)

BOOST_AUTO_TEST_CASE_TEMPLATE(shares_and_their_logarithms, T, both_types) {
  for (int i = 0; i < 120; ++i) {
    const std::size_t count = between(1, 70), columns = between(1, 200);
    rows<T> x(count, columns), share(count, columns), logarithm(count, columns);
    x.fill();
    spread(x, count, columns, i);
    kernel::call<T> c;
    c.rows = count, c.columns = columns, c.arguments[0] = x.place();
    c.results[0] = share.place();
    kernel::softmax(c);
    c.results[0] = logarithm.place();
    kernel::log_softmax(c);
    for (std::size_t r = 0; r < count; ++r) {
      const auto expected = reference(x, r, columns);
      for (std::size_t k = 0; k < columns; ++k) {
        BOOST_REQUIRE(is_near(share.at(r, k), std::exp(expected.logarithm[k])));
        BOOST_REQUIRE(is_near(logarithm.at(r, k), expected.logarithm[k]));
      }
    }
    check_memory(share);
    check_memory(logarithm);
    // Of matrices the columns up to the row.
    const std::size_t period = between(1, 30);
    rows<T> causal(count, columns);
    c.results[0] = causal.place();
    kernel::causal_softmax(c, period);
    for (std::size_t r = 0; r < count; ++r) {
      const auto expected = reference(x, r, std::min(columns, r % period + 1));
      for (std::size_t k = 0; k < columns; ++k)
        BOOST_REQUIRE(k < expected.logarithm.size() ? is_near(causal.at(r, k), std::exp(expected.logarithm[k]))
                                                    : causal.at(r, k) == 0);
    }
    check_memory(causal);
  }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cross_entropy, T, both_types) {
  for (int i = 0; i < 120; ++i) {
    const std::size_t count = between(1, 70), columns = between(2, 200);
    rows<T> x(count, columns), target(count, columns), share(count, columns), sum(count, 1), loss(count, 1);
    x.fill(), target.fill();
    spread(x, count, columns, i);
    for (std::size_t r = 0; r < count; ++r)
      for (std::size_t k = 0; k < columns; ++k) target.at(r, k) = k % 3 == 1 ? std::abs(target.at(r, k)) : T(0);
    kernel::call<T> c;
    c.rows = count, c.columns = columns, c.arguments[0] = x.place(), c.arguments[1] = target.place();
    c.results[0] = share.place(), c.results[1] = sum.place(), c.results[2] = loss.place();
    kernel::softmax_cross_entropy(c);
    for (std::size_t r = 0; r < count; ++r) {
      const auto expected = reference(x, r, columns);
      long double expected_sum = 0, expected_loss = 0;
      for (std::size_t k = 0; k < columns; ++k) {
        BOOST_REQUIRE(is_near(share.at(r, k), std::exp(expected.logarithm[k])));
        expected_sum += static_cast<long double>(target.at(r, k));
        expected_loss -= static_cast<long double>(target.at(r, k)) * expected.logarithm[k];
      }
      BOOST_REQUIRE(is_near(sum.at(r, 0), expected_sum, 64));
      BOOST_REQUIRE(is_near(loss.at(r, 0), expected_loss, 64));
    }
    check_memory(share);
    check_memory(sum);
    check_memory(loss);
  }
}

BOOST_AUTO_TEST_CASE(a_class_that_is_impossible_and_not_asked_for_costs_nothing) {
  rows<float> x(1, 3), target(1, 3), share(1, 3), sum(1, 1), loss(1, 1);
  x.fill(), target.fill();
  x.at(0, 0) = 0, x.at(0, 1) = -std::numeric_limits<float>::infinity(), x.at(0, 2) = 0;
  target.at(0, 0) = 1, target.at(0, 1) = 0, target.at(0, 2) = 0;
  kernel::call<float> c;
  c.rows = 1, c.columns = 3, c.arguments[0] = x.place(), c.arguments[1] = target.place();
  c.results[0] = share.place(), c.results[1] = sum.place(), c.results[2] = loss.place();
  kernel::softmax_cross_entropy(c);
  BOOST_TEST(loss.at(0, 0) == std::log(2.f), boost::test_tools::tolerance(1e-6f));
  BOOST_TEST(share.at(0, 1) == 0);
}

BOOST_AUTO_TEST_CASE(not_a_number_fills_its_own_row_and_no_other) {
  for (std::size_t place : {0u, 5u, 20u}) {
    rows<float> x(3, 21), share(3, 21), logarithm(3, 21);
    x.fill();
    x.at(1, place) = x.nan;
    kernel::call<float> c;
    c.rows = 3, c.columns = 21, c.arguments[0] = x.place();
    c.results[0] = share.place();
    kernel::softmax(c);
    c.results[0] = logarithm.place();
    kernel::log_softmax(c);
    for (std::size_t r = 0; r < 3; ++r)
      for (std::size_t k = 0; k < 21; ++k) {
        BOOST_TEST(std::isnan(share.at(r, k)) == (r == 1));
        BOOST_TEST(std::isnan(logarithm.at(r, k)) == (r == 1));
      }
  }
}

BOOST_AUTO_TEST_SUITE_END()
