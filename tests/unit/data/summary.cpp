// SPDX-License-Identifier: MIT
#include <fusegrad/data/summary.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using namespace fusegrad::data;

BOOST_AUTO_TEST_SUITE(data_summary)

BOOST_AUTO_TEST_CASE(classes_and_their_balance) {
  const auto samples = dataset<float>::from_labels({1, 5, 2, 5, 3, 5, 6, 5}, 2, {0, 0, 0, 1}, 2)
                           .with_feature_names({"eta", "year"})
                           .with_class_names({"signal", "background"});
  BOOST_TEST(summary(samples) == "4 samples, 2 features, 2 classes\n"
                                 "feature  smallest    mean  deviation  largest\n"
                                 "eta        1.0000  3.0000     1.8708   6.0000\n"
                                 "year       5.0000  5.0000     0.0000   5.0000\n"
                                 "note:  always the same number: year\n"
                                 "class       samples   share\n"
                                 "signal            3  75.0 %\n"
                                 "background        1  25.0 %\n"
                                 "who always says the most frequent class is right in 75.0 %\n"
                                 "note:  the most frequent class has 3.0 times as many samples as the rarest\n");
  const std::string text = summary(dataset<double>::from_labels({1, 2}, 1, {2, 2}, 4));
  BOOST_TEST(text.find("note:  3 classes have no sample\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(targets_and_many_features) {
  std::vector<float> inputs(2 * 50);
  const auto samples = dataset<float>::from_targets(inputs, 50, {1, 3}, 1).with_target_names({"price"});
  const std::string text = summary(samples);
  BOOST_TEST(text.find("2 samples, 50 features, 1 target\n") == 0u);
  BOOST_TEST(text.find("and 10 more\n") != std::string::npos);
  BOOST_TEST(text.find("38, 39, ...\n") != std::string::npos);
  BOOST_TEST(text.find("price     1.0000  2.0000     1.0000   3.0000\n") != std::string::npos);
  BOOST_TEST(summary(dataset<float>{}) == "no samples\n");
}

BOOST_AUTO_TEST_CASE(what_is_asked_of_further_outputs) {
  const auto samples = dataset<double>::from_labels({1, 2, 3, 4}, 1, {0, 1, 0, 1}, 2)
                           .and_targets({10, 1, 20, 1, 30, 1, 40, 1}, 2)
                           .and_labels({0, 1, 2, 2}, 3);
  const std::string text = summary(samples);
  BOOST_TEST(text.substr(text.find("of output 1")) == "of output 1: 2 targets\n"
                                                      "target  smallest     mean  deviation  largest\n"
                                                      "0        10.0000  25.0000    11.1803  40.0000\n"
                                                      "1         1.0000   1.0000     0.0000   1.0000\n"
                                                      "note:  always the same number: 1\n"
                                                      "of output 2: 3 classes\n"
                                                      "class  samples   share\n"
                                                      "0            1  25.0 %\n"
                                                      "1            1  25.0 %\n"
                                                      "2            2  50.0 %\n"
                                                      "who always says the most frequent class is right in 50.0 %\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
