// SPDX-License-Identifier: MIT
#include <fusegrad/data/split.hpp>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace fusegrad::data;

/// Sample i has the input i; so many of each class.
dataset<float> samples_of(const std::vector<std::size_t>& counts) {
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  for (std::size_t k = 0; k < counts.size(); ++k)
    for (std::size_t i = 0; i < counts[k]; ++i) {
      inputs.push_back(static_cast<float>(inputs.size()));
      labels.push_back(static_cast<std::int32_t>(k));
    }
  return dataset<float>::from_labels(inputs, 1, labels, counts.size());
}

std::vector<std::size_t> counts_of(const dataset<float>& samples) {
  std::vector<std::size_t> counts(samples.class_count());
  for (const auto label : samples.labels()) ++counts[static_cast<std::size_t>(label)];
  return counts;
}

void add(std::vector<int>& seen, const dataset<float>& samples) {
  for (const float input : samples.inputs()) ++seen[static_cast<std::size_t>(input)];
}

BOOST_AUTO_TEST_SUITE(data_split)

BOOST_AUTO_TEST_CASE(classes_are_divided_evenly) {
  const auto samples = samples_of({90, 10, 5});
  const auto [train, test] = stratified_split(samples, 0.8, 1);
  BOOST_TEST(counts_of(train) == (std::vector<std::size_t>{72, 8, 4}), boost::test_tools::per_element());
  BOOST_TEST(counts_of(test) == (std::vector<std::size_t>{18, 2, 1}), boost::test_tools::per_element());
  std::vector<int> seen(105);
  add(seen, train);
  add(seen, test);
  BOOST_TEST(seen == std::vector<int>(105, 1), boost::test_tools::per_element());
  BOOST_TEST((stratified_split(samples, 0.8, 1).first == train));
  BOOST_TEST(!(stratified_split(samples, 0.8, 2).first == train));
  BOOST_TEST(train.label(0) + train.label(1) + train.label(2) + train.label(80) + train.label(81) + train.label(82) <
                 12,
             "classes are not in a row");
  BOOST_CHECK_THROW(stratified_split(samples, 1.5, 1), std::invalid_argument);
  const auto real = dataset<float>::from_targets({1, 2}, 1, {1, 2}, 1);
  BOOST_CHECK_THROW(stratified_split(real, 0.5, 1), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(each_sample_is_tested_once) {
  const auto samples = samples_of({20, 3, 8});
  for (const bool is_stratified : {false, true}) {
    std::vector<int> tested(31), trained(31);
    for (std::size_t part = 0; part < 4; ++part) {
      const auto [train, test] = is_stratified ? stratified_k_fold(samples, part, 4, 1) : k_fold(samples, part, 4, 1);
      BOOST_TEST(test.size() == (part < 3 ? 8u : 7u));
      BOOST_TEST(train.size() + test.size() == 31u);
      add(tested, test);
      add(trained, train);
      if (is_stratified) {
        BOOST_TEST(counts_of(test)[0] == 5u);
        BOOST_TEST(counts_of(test)[2] == 2u);
      }
    }
    BOOST_TEST(tested == std::vector<int>(31, 1), boost::test_tools::per_element());
    BOOST_TEST(trained == std::vector<int>(31, 3), boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(parts_that_there_are_not) {
  const auto samples = samples_of({2, 2});
  BOOST_CHECK_THROW(k_fold(samples, 0, 1, 1), std::invalid_argument);
  BOOST_CHECK_THROW(k_fold(samples, 0, 5, 1), std::invalid_argument);
  BOOST_CHECK_EXCEPTION(k_fold(samples, 3, 3, 1), std::invalid_argument, [](const std::exception& error) {
    return error.what() == std::string("split: expected a part from 0 to 2, found 3");
  });
  BOOST_CHECK_THROW(stratified_k_fold(dataset<float>::from_targets({1, 2}, 1, {1, 2}, 1), 0, 2, 1),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
