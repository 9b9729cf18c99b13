// SPDX-License-Identifier: MIT
#include <fusegrad/train/confusion_matrix.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

namespace {

using fusegrad::confusion_matrix;

/// Six of class 0, three of class 1, one of class 2; class 2 was never predicted.
confusion_matrix example() {
  confusion_matrix m(3);
  for (int i = 0; i < 5; ++i) m.add(0, 0);
  m.add(0, 1);
  for (int i = 0; i < 3; ++i) m.add(1, 1);
  m.add(2, 0);
  return m;
}

BOOST_AUTO_TEST_SUITE(train_confusion_matrix)

BOOST_AUTO_TEST_CASE(counts_are_by_actual_and_predicted_class) {
  const confusion_matrix m = example();
  BOOST_TEST(m.classes() == 3u);
  BOOST_TEST(m.samples() == 10u);
  BOOST_TEST(m.count(0, 0) == 5u);
  BOOST_TEST(m.count(0, 1) == 1u);
  BOOST_TEST(m.count(1, 0) == 0u);
  BOOST_TEST(m.count(2, 0) == 1u);
}

BOOST_AUTO_TEST_CASE(shares_are_of_rows_columns_and_all) {
  const confusion_matrix m = example();
  BOOST_TEST(m.accuracy() == 0.8);
  BOOST_TEST(m.precision(0) == 5.0 / 6);
  BOOST_TEST(m.precision(1) == 0.75);
  BOOST_TEST(m.recall(0) == 5.0 / 6);
  BOOST_TEST(m.recall(1) == 1.0);
  BOOST_TEST(m.recall(2) == 0.0);
}

// precision_recall_fscore_support and balanced_accuracy_score of scikit-learn give these shares.
BOOST_AUTO_TEST_CASE(means_are_over_the_classes_there_are) {
  const confusion_matrix m = example();
  BOOST_TEST(m.f1(0) == 10.0 / 12);
  BOOST_TEST(m.f1(1) == 6.0 / 7);
  BOOST_TEST(m.f1(2) == 0.0);
  BOOST_TEST(m.macro_f1() == (10.0 / 12 + 6.0 / 7) / 3, boost::test_tools::tolerance(1e-15));
  BOOST_TEST(m.balanced_accuracy() == (5.0 / 6 + 1) / 3, boost::test_tools::tolerance(1e-15));
  confusion_matrix wider(4);
  wider.add(1, 1);
  BOOST_TEST(wider.macro_f1() == 1.0);
  BOOST_TEST(std::isnan(confusion_matrix(2).macro_f1()));
}

BOOST_AUTO_TEST_CASE(a_share_of_nothing_is_not_a_number) {
  BOOST_TEST(std::isnan(example().precision(2)));
  BOOST_TEST(std::isnan(confusion_matrix(2).recall(0)));
  BOOST_TEST(std::isnan(confusion_matrix().accuracy()));
}

BOOST_AUTO_TEST_CASE(the_table_is_aligned) {
  BOOST_TEST(example().to_string() == "actual       as 0    as 1    as 2  recall\n"
                                      "0               5       1       .  0.8333\n"
                                      "1               .       3       .  1.0000\n"
                                      "2               1       .       0  0.0000\n"
                                      "precision  0.8333  0.7500       -  0.8000\n");
  BOOST_TEST(confusion_matrix().to_string() == "");
}

BOOST_AUTO_TEST_CASE(large_counts_widen_the_columns) {
  confusion_matrix m(2);
  for (int i = 0; i < 1234567; ++i) m.add(1, 1);
  BOOST_TEST(m.to_string() == "actual          as 0       as 1  recall\n"
                              "0                  0          .       -\n"
                              "1                  .  1,234,567  1.0000\n"
                              "precision          -     1.0000  1.0000\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
