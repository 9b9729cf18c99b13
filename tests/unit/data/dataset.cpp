// SPDX-License-Identifier: MIT
#include <fusegrad/data/dataset.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using fusegrad::data::dataset;

dataset<float> labelled(std::size_t count) {
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < count; ++i) {
    inputs.push_back(static_cast<float>(i));
    inputs.push_back(static_cast<float>(10 * i));
    labels.push_back(static_cast<std::int32_t>(i % 3));
  }
  return dataset<float>::from_labels(std::move(inputs), 2, std::move(labels), 3);
}

using fusegrad::test::says;

/// True if sample `i` still holds an input pair that belongs to its label.
bool is_intact(const dataset<float>& samples, std::size_t i) {
  const float number = samples.input(i)[0];
  return samples.input(i)[1] == 10 * number && samples.label(i) == static_cast<std::int32_t>(number) % 3;
}

BOOST_AUTO_TEST_SUITE(data_dataset)

BOOST_AUTO_TEST_CASE(holds_labels) {
  const auto samples = labelled(5);
  BOOST_TEST(samples.size() == 5u);
  BOOST_TEST(samples.features() == 2u);
  BOOST_TEST(samples.has_labels());
  BOOST_TEST(samples.class_count() == 3u);
  BOOST_TEST(samples.target_width() == 0u);
  BOOST_TEST(samples.inputs().size() == 10u);
  BOOST_TEST(samples.input(4)[1] == 40.0f);
  BOOST_TEST(samples.label(4) == 1);
  BOOST_TEST(samples.targets().empty());
}

BOOST_AUTO_TEST_CASE(holds_targets) {
  const auto samples = dataset<double>::from_targets({1, 2, 3}, 1, {10, 11, 20, 21, 30, 31}, 2);
  BOOST_TEST(samples.size() == 3u);
  BOOST_TEST(!samples.has_labels());
  BOOST_TEST(samples.class_count() == 0u);
  BOOST_TEST(samples.target_width() == 2u);
  BOOST_TEST(samples.target(2)[1] == 31.0);
  BOOST_TEST(samples.labels().empty());
}

BOOST_AUTO_TEST_CASE(copies_from_spans) {
  std::vector<float> inputs{1, 2};
  const std::vector<std::int32_t> labels{0, 1};
  const auto samples = dataset<>::from_labels(std::span<const float>(inputs), 1, labels, 2);
  inputs[0] = 9;
  BOOST_TEST(samples.input(0)[0] == 1.0f);
  const auto regression = dataset<>::from_targets(std::span<const float>(inputs), 1, std::span<const float>(inputs), 1);
  BOOST_TEST(regression.target(0)[0] == 9.0f);
}

BOOST_AUTO_TEST_CASE(refuses_what_does_not_fit) {
  using std::invalid_argument;
  using set = dataset<float>;
  const std::vector<float> four{1, 2, 3, 4};
  BOOST_CHECK_EXCEPTION(set::from_labels(four, 0, {0}, 1), invalid_argument, says("at least one feature"));
  BOOST_CHECK_EXCEPTION(set::from_labels(four, 3, {0}, 1), invalid_argument, says("rows of 3 inputs"));
  BOOST_CHECK_EXCEPTION(set::from_labels(four, 2, {0}, 1), invalid_argument, says("found 4 input numbers"));
  BOOST_CHECK_EXCEPTION(set::from_labels(four, 2, {0, 0}, 0), invalid_argument, says("at least one class"));
  BOOST_CHECK_EXCEPTION(set::from_labels(four, 2, {0, 2}, 2), invalid_argument, says("found 2 at sample 1"));
  BOOST_CHECK_EXCEPTION(set::from_labels(four, 2, {-1, 0}, 2), invalid_argument, says("found -1 at sample 0"));
  BOOST_CHECK_EXCEPTION(set::from_targets(four, 2, four, 0), invalid_argument, says("target width of 0"));
  BOOST_CHECK_EXCEPTION(set::from_targets(four, 2, four, 3), invalid_argument, says("rows of 3 targets"));
  BOOST_CHECK_EXCEPTION(set::from_targets(four, 2, four, 1), invalid_argument, says("rows of targets (4)"));
  BOOST_CHECK_EXCEPTION(labelled(3).first(4), invalid_argument, says("request for 4"));
  BOOST_CHECK_EXCEPTION(labelled(3).last(4), invalid_argument, says("request for 4"));
  BOOST_CHECK_EXCEPTION(labelled(3).subset(std::vector<std::uint32_t>{0, 3}), invalid_argument, says("found 3"));
  BOOST_CHECK_EXCEPTION(labelled(3).split(1.5, 1), invalid_argument, says("from 0 to 1"));
  BOOST_CHECK_EXCEPTION(labelled(3).split(std::numeric_limits<double>::quiet_NaN(), 1), invalid_argument,
                        says("from 0 to 1"));
  BOOST_CHECK_EXCEPTION(set::from_targets(four, 2, {1, 2}, 1).one_hot(), invalid_argument, says("real targets"));
  BOOST_CHECK_EXCEPTION(labelled(3).with_inputs(four, 2), invalid_argument, says("found 4 input numbers"));
  BOOST_CHECK_EXCEPTION(labelled(3).with_inputs(four, 0), invalid_argument, says("at least one feature"));
  for (const float factor : {std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
    BOOST_CHECK_EXCEPTION(labelled(3).scaled(factor), invalid_argument, says("a finite factor"));
  const auto large = dataset<double>::from_targets({1, 2, 3, 4}, 2, {0, 1e300}, 1);
  BOOST_CHECK_EXCEPTION(large.to<float>(), invalid_argument, says("at sample 1"));
  BOOST_CHECK_EXCEPTION(dataset<double>::from_labels({1, 2, 3, -1e300}, 2, {0, 0}, 1).to<float>(), invalid_argument,
                        says("at sample 1"));
}

BOOST_AUTO_TEST_CASE(takes_from_both_ends) {
  const auto samples = labelled(7);
  BOOST_TEST(samples.first(2).size() == 2u);
  BOOST_TEST(samples.first(2).input(1)[0] == 1.0f);
  BOOST_TEST(samples.last(2).input(0)[0] == 5.0f);
  BOOST_TEST(samples.last(2).label(1) == 0);
  BOOST_TEST(samples.first(0).empty());
  BOOST_TEST(samples.first(0).class_count() == 3u);
  BOOST_TEST((samples.last(7) == samples));
}

BOOST_AUTO_TEST_CASE(subset_keeps_the_order_asked_for) {
  const auto part = labelled(6).subset(std::vector<std::uint32_t>{5, 0, 5});
  BOOST_TEST(part.size() == 3u);
  BOOST_TEST(part.input(0)[1] == 50.0f);
  BOOST_TEST(part.input(1)[1] == 0.0f);
  BOOST_TEST(part.label(2) == 2);
  const auto targets = dataset<float>::from_targets({1, 2}, 1, {3, 4}, 1).subset(std::vector<std::size_t>{1});
  BOOST_TEST(targets.target(0)[0] == 4.0f);
}

BOOST_AUTO_TEST_CASE(split_deals_out_every_sample_once) {
  const auto [train, test] = labelled(101).split(0.8, 1);
  BOOST_TEST(train.size() == 81u);
  BOOST_TEST(test.size() == 20u);
  std::vector<int> seen(101);
  for (const auto& part : {train, test}) {
    for (std::size_t i = 0; i < part.size(); ++i) {
      BOOST_REQUIRE(is_intact(part, i));
      ++seen.at(static_cast<std::size_t>(part.input(i)[0]));
    }
  }
  BOOST_TEST(std::all_of(seen.begin(), seen.end(), [](int count) { return count == 1; }));
}

BOOST_AUTO_TEST_CASE(split_depends_on_the_seed) {
  const auto samples = labelled(50);
  BOOST_TEST((samples.split(0.5, 3) == samples.split(0.5, 3)));
  BOOST_TEST((samples.split(0.5, 3) != samples.split(0.5, 4)));
  BOOST_TEST(samples.split(1, 3).second.empty());
  BOOST_TEST(samples.split(0, 3).first.empty());
}

BOOST_AUTO_TEST_CASE(shuffling_is_pinned_to_the_permutation) {
  const auto mixed = labelled(10).shuffled(1);
  const auto order = fusegrad::base::permutation(10, 1);
  for (std::size_t i = 0; i < 10; ++i) BOOST_TEST(mixed.input(i)[0] == static_cast<float>(order[i]));
}

BOOST_AUTO_TEST_CASE(one_hot_marks_the_label) {
  const auto encoded = labelled(4).one_hot();
  BOOST_TEST(!encoded.has_labels());
  BOOST_TEST(encoded.target_width() == 3u);
  const std::vector<float> expected{1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0};
  BOOST_TEST(encoded.targets() == expected, boost::test_tools::per_element());
  BOOST_TEST(encoded.input(3)[1] == 30.0f);
}

BOOST_AUTO_TEST_CASE(scales_and_converts) {
  BOOST_TEST(labelled(3).scaled(0.5f).input(2)[1] == 10.0f);
  const dataset<double> wide = labelled(3).to<double>();
  BOOST_TEST(wide.input(2)[1] == 20.0);
  BOOST_TEST(wide.class_count() == 3u);
  const auto targets = dataset<double>::from_targets({1, 2}, 1, {0.5, 0.25}, 1).to<float>();
  BOOST_TEST(targets.target(1)[0] == 0.25f);
  BOOST_TEST(dataset<float>().to<double>().empty());
}

BOOST_AUTO_TEST_CASE(names_go_along) {
  const std::vector<std::string> features{"pt", "eta"}, classes{"signal", "background"};
  const std::vector<float> inputs{1, 2, 3, 4};
  const auto plain = dataset<float>::from_labels(inputs, 2, {0, 1}, 2);
  const auto named = plain.with_feature_names(features).with_class_names(classes);
  BOOST_TEST((named == plain), "what they are called is no part of samples");
  for (const auto& same : {named.shuffled(1), named.first(1), named.scaled(2), named.to<double>().to<float>(),
                           named.with_inputs({5, 6, 7, 8}, 2), named.split(0.5, 1).first}) {
    BOOST_TEST(same.feature_names() == features, boost::test_tools::per_element());
    BOOST_TEST(same.class_names() == classes, boost::test_tools::per_element());
  }
  BOOST_TEST(named.one_hot().target_names() == classes, boost::test_tools::per_element());
  BOOST_TEST(named.one_hot().class_names().empty());
  BOOST_TEST(named.with_inputs({5, 6}, 1).feature_names().empty());
  BOOST_TEST(named.with_feature_names({}).feature_names().empty());
  BOOST_CHECK_EXCEPTION(plain.with_feature_names({"pt"}), std::invalid_argument, [](const std::exception& error) {
    return error.what() == std::string("data set: expected names for the 2 features, found 1");
  });
  BOOST_CHECK_THROW(plain.with_target_names({"a"}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(targets_may_be_replaced) {
  const auto samples = dataset<float>::from_targets({1, 2}, 1, {3, 4}, 1).with_target_names({"price"});
  const auto others = samples.with_targets({5, 6});
  BOOST_TEST(others.target(1)[0] == 6.0f);
  BOOST_TEST(others.target_names()[0] == "price");
  BOOST_CHECK_THROW(samples.with_targets({5}), std::invalid_argument);
  BOOST_CHECK_THROW((dataset<float>::from_labels({1}, 1, {0}, 1).with_targets({})), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
