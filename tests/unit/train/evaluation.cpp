// SPDX-License-Identifier: MIT
#include <fusegrad/train/evaluation.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

namespace {

using fusegrad::classify;
using fusegrad::evaluation;
using fusegrad::regress;

/// Outputs, width and labels as the library takes them.
evaluation classes(std::vector<float> outputs, std::size_t width, std::vector<std::int32_t> labels,
                   double threshold = 0) {
  return classify(std::span<const float>(outputs), width, labels, threshold);
}

evaluation targets(std::vector<double> outputs, std::vector<double> wanted, std::size_t width) {
  return regress(std::span<const double>(outputs), std::span<const double>(wanted), width);
}

using fusegrad::test::says;

BOOST_AUTO_TEST_SUITE(train_evaluation)

BOOST_AUTO_TEST_CASE(the_largest_output_is_the_class) {
  const evaluation e = classes({0, 2, 1, /**/ 5, 4, 3, /**/ -3, -2, -1, /**/ 1, 1, 0}, 3, {1, 0, 0, 1});
  BOOST_TEST(e.samples == 4u);
  BOOST_TEST(e.accuracy == 0.5);
  BOOST_TEST(e.confusion.count(1, 1) == 1u);
  BOOST_TEST(e.confusion.count(0, 2) == 1u);
  BOOST_TEST(e.confusion.count(1, 0) == 1u); // the first of equals
  BOOST_TEST(std::isnan(e.loss));
  BOOST_TEST(std::isnan(e.r2));
}

BOOST_AUTO_TEST_CASE(one_output_tells_two_classes_apart_at_the_threshold) {
  const std::vector<float> outputs{-1, 0, 0.25f, 0.75f};
  BOOST_TEST(classes(outputs, 1, {0, 0, 1, 1}).accuracy == 1.0);
  BOOST_TEST(classes(outputs, 1, {0, 0, 1, 1}, 0.5).accuracy == 0.75);
  BOOST_TEST(classes(outputs, 1, {0, 0, 1, 1}).confusion.classes() == 2u);
}

BOOST_AUTO_TEST_CASE(no_samples_have_no_accuracy) {
  BOOST_TEST(std::isnan(classes({}, 3, {}).accuracy));
  BOOST_TEST(std::isnan(targets({}, {}, 2).r2));
}

BOOST_AUTO_TEST_CASE(r2_is_the_mean_over_outputs) {
  // The example of scikit-learn's r2_score: 0.965... and 0.908... for the two columns, 0.936... as their mean.
  const evaluation e = targets({0, 2, -1, 2, 8, -5}, {0.5, 1, -1, 1, 7, -6}, 2);
  BOOST_TEST(std::abs(e.r2 - (0.9654377880184332 + 0.9081632653061225) / 2) < 1e-14);
  BOOST_TEST(std::abs(e.mean_absolute_error - 0.75) < 1e-15);
  BOOST_TEST(e.samples == 3u);
  BOOST_TEST(e.confusion.empty());
  BOOST_TEST(std::isnan(e.accuracy));
}

BOOST_AUTO_TEST_CASE(a_constant_target_is_met_or_not) {
  BOOST_TEST(targets({2, 2}, {2, 2}, 1).r2 == 1.0);
  BOOST_TEST(targets({2, 3}, {2, 2}, 1).r2 == 0.0);
  BOOST_TEST(std::isnan(targets({2}, {2}, 1).r2));
  BOOST_TEST(targets({2}, {3}, 1).mean_absolute_error == 1.0);
}

BOOST_AUTO_TEST_CASE(the_mean_of_the_targets_explains_nothing) {
  BOOST_TEST(targets({2, 2, 2}, {1, 2, 3}, 1).r2 == 0.0);
  BOOST_TEST(targets({3, 2, 1}, {1, 2, 3}, 1).r2 == -3.0);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_in_words) {
  BOOST_CHECK_EXCEPTION(classes({1, 2, 3}, 2, {0}), std::invalid_argument,
                        says("classify: expected 1 rows of 2 outputs, as many as labels, found 3 numbers"));
  BOOST_CHECK_EXCEPTION(classes({1, 2}, 0, {0}), std::invalid_argument, says("rows of 0 outputs"));
  BOOST_CHECK_EXCEPTION(classes({1, 2, 1, 2}, 2, {0, 2}), std::invalid_argument,
                        says("expected labels from 0 to 1, found 2 at sample 1"));
  BOOST_CHECK_EXCEPTION(classes({1}, 1, {-1}), std::invalid_argument,
                        says("expected labels from 0 to 1, found -1 at sample 0"));
  BOOST_CHECK_EXCEPTION(targets({1, 2}, {1, 2, 3}, 1), std::invalid_argument, says("found 2 outputs and 3 targets"));
  BOOST_CHECK_EXCEPTION(targets({1, 2, 3}, {1, 2, 3}, 2), std::invalid_argument, says("in whole rows of 2"));
}

BOOST_AUTO_TEST_CASE(only_what_there_is_stands_in_the_text) {
  evaluation e = classes({1, 0, 0, 1}, 2, {0, 1});
  e.loss = 0.25;
  BOOST_TEST(e.to_string() == "2 samples  loss 0.2500  accuracy 1.0000\n" + e.confusion.to_string());
  BOOST_TEST(targets({2, 2, 2}, {1, 2, 3}, 1).to_string() == "3 samples  R2 0.0000  mean absolute error 0.6667\n");
  std::vector<float> outputs(21);
  BOOST_TEST(classes(outputs, 21, {0}).to_string() == "1 sample  accuracy 1.0000\n"); // too wide a table
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
