// SPDX-License-Identifier: MIT
#include <fusegrad/train/samples.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

using fusegrad::test::says;

/// Views `inputs` numbers of 4 features with so many labels, or targets of width 3.
auto with_labels(std::size_t inputs, std::size_t labels) {
  static const std::vector<float> x(1000);
  static const std::vector<std::int32_t> y(1000, 1);
  return fg::labelled(std::span(x).first(inputs), 4, std::span(y).first(labels));
}
auto with_targets(std::size_t inputs, std::size_t targets, std::size_t width = 3) {
  static const std::vector<float> x(1000);
  return fg::with_targets(std::span(x).first(inputs), 4, std::span(x).first(targets), width);
}

BOOST_AUTO_TEST_SUITE(train_samples)

BOOST_AUTO_TEST_CASE(a_view_has_as_many_rows_of_one_as_of_the_other) {
  BOOST_TEST(with_labels(32, 8).size() == 8u);
  BOOST_TEST(with_targets(32, 24).size() == 8u);
  BOOST_TEST(with_labels(0, 0).size() == 0u);
  BOOST_CHECK_EXCEPTION(with_labels(32, 5), std::invalid_argument, says("there are 8 samples, but 5 labels."));
  BOOST_CHECK_EXCEPTION(with_labels(32, 9), std::invalid_argument, says("there are 8 samples, but 9 labels."));
  BOOST_CHECK_EXCEPTION(with_targets(32, 21), std::invalid_argument,
                        says("there are 8 samples, but 7 rows of targets."));
}

BOOST_AUTO_TEST_CASE(a_view_has_whole_rows) {
  BOOST_CHECK_EXCEPTION(with_labels(33, 8), std::invalid_argument, says("33 numbers are not whole samples of 4."));
  BOOST_CHECK_EXCEPTION(with_targets(32, 25), std::invalid_argument, says("25 targets are not whole rows of 3."));
  BOOST_CHECK_EXCEPTION(with_targets(32, 24, 0), std::invalid_argument, says("at least one target"));
  const std::vector<float> x(4);
  const std::vector<std::int32_t> y(4);
  BOOST_CHECK_EXCEPTION(fg::labelled(std::span(x), 0, std::span(y)), std::invalid_argument,
                        says("at least one feature"));
}

static_assert(fg::sample_source<fg::sample_view<float>>);

BOOST_AUTO_TEST_SUITE_END()

} // namespace
