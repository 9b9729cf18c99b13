// SPDX-License-Identifier: MIT
#include <fusegrad/train/measure_metrics.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/branch.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/train/ranking.hpp>
#include <fusegrad/train/sample_weights.hpp>
#include <fusegrad/train/several_losses.hpp>
#include <fusegrad/train/several_targets.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <limits>
#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

using rows = std::span<const float>;
using labels_of = std::span<const std::int32_t>;

/// Points of the plane: which of the two coordinates is larger, and their sum.
struct points {
  std::vector<float> inputs, sums, weights;
  std::vector<std::int32_t> labels;
  explicit points(int count) {
    for (int i = 0; i < count; ++i) {
      inputs.insert(inputs.end(), {static_cast<float>(std::sin(i)), static_cast<float>(std::cos(3 * i))});
      labels.push_back(inputs[inputs.size() - 2] > inputs.back() ? 1 : 0);
      sums.push_back(inputs[inputs.size() - 2] + inputs.back());
      weights.push_back(static_cast<float>(i % 3));
    }
  }
};
const points some{40};

constexpr auto one_logit = fg::input<2> | fg::dense<6> | fg::tanh | fg::dense<1>;
constexpr auto two_outputs = fg::input<2> | fg::dense<6> | fg::tanh | fg::branch(fg::dense<2>, fg::dense<1>);
constexpr auto two_losses = fg::losses(fg::softmax_cross_entropy, fg::mean_squared_error);
auto classifier() { return fg::trainer{one_logit, fg::binary_cross_entropy, fg::adam{.learning_rate = 0.02}}; }
auto both() { return fg::trainer{two_outputs, two_losses, fg::adam{}}; }

double share_above(rows outputs, double bound) {
  double count = 0;
  for (const float x : outputs) count += static_cast<double>(x) > bound ? 1 : 0;
  return count / static_cast<double>(outputs.size());
}
using fusegrad::test::says;

BOOST_AUTO_TEST_SUITE(train_measure_metrics)

BOOST_AUTO_TEST_CASE(functions_of_outputs_and_labels_are_told_beside_what_is_told_anyway) {
  const auto samples = fg::labelled(some.inputs, 2, some.labels);
  auto trainer = classifier();
  const std::vector<float> outputs = trainer.predict(some.inputs);
  const double area = fg::roc_auc(rows(outputs), labels_of(some.labels));
  const auto e = trainer.evaluate(samples, {{"AUC", fg::roc_auc<float>},
                                            "macro F1",
                                            {"above 0.1", [](rows out, labels_of) { return share_above(out, 0.1); }},
                                            {"widths", [](const fg::measured_samples<float>& m) {
                                               return static_cast<double>(m.output_width + 10 * m.labels.size() +
                                                                          m.targets.size() + m.target_width);
                                             }}});
  BOOST_TEST(e.metrics.size() == 4u);
  BOOST_TEST(e.metric("AUC") == area);
  BOOST_TEST(e.metric("macro F1") == e.confusion.macro_f1());
  BOOST_TEST(e.metric("above 0.1") == share_above(outputs, 0.1));
  BOOST_TEST(e.metric("widths") == 401);
  BOOST_TEST(e.metric("accuracy") == e.accuracy);
  BOOST_TEST(e.to_string().find("  AUC 0.") != std::string::npos);
  BOOST_CHECK_EXCEPTION(static_cast<void>(e.metric("auc")), std::out_of_range,
                        says("\"auc\" of these outputs; there are loss, accuracy"));
  BOOST_TEST(trainer.evaluate(samples).metrics.empty());
}

BOOST_AUTO_TEST_CASE(a_fit_stops_by_a_metric_of_ones_own_in_the_direction_that_is_said) {
  const auto samples = fg::labelled(some.inputs, 2, some.labels);
  const auto course = [&](const fg::best_by& better, double least) {
    auto trainer = classifier();
    const auto history = trainer.fit(samples, {.epochs = 200,
                                               .batch_size = 8,
                                               .validation = &samples,
                                               .metrics = {{"AUC", fg::roc_auc<float>}},
                                               .patience = 6,
                                               .better = better,
                                               .least_improvement = least,
                                               .progress = fg::progress_style::silent});
    BOOST_TEST(history.stopped_early);
    const double end = trainer.evaluate(samples, {{"AUC", fg::roc_auc<float>}}).metric("AUC");
    const std::size_t best = history.best_epoch();
    if (least == 0) BOOST_TEST(end == history.records[best - 1].metrics[0].value);
    if (least == 0) BOOST_TEST(history.records.size() == best + 6);
    for (const auto& r : history.records)
      if (least == 0) BOOST_TEST((better.is_highest ? r.metrics[0].value <= end : r.metrics[0].value >= end));
    return history;
  };
  const auto up = course(fg::highest("AUC"), 0), down = course(fg::lowest("AUC"), 0);
  BOOST_TEST(up.records[up.best_epoch() - 1].metrics[0].value > down.records[down.best_epoch() - 1].metrics[0].value);
  BOOST_TEST(up.stop_reason == "the validation AUC has not improved for 6 epochs");
  BOOST_TEST(course(fg::highest("AUC"), 0.5).records.size() == 7u); // the first is better than none
}

BOOST_AUTO_TEST_CASE(a_number_that_an_evaluation_has_decides_without_being_asked_for) {
  const auto samples = fg::labelled(some.inputs, 2, some.labels);
  auto trainer = classifier();
  const auto history = trainer.fit(samples, {.epochs = 3,
                                             .validation = &samples,
                                             .plateau = {.factor = 0.5, .patience = 0},
                                             .patience = 1,
                                             .better = fg::highest("balanced accuracy"),
                                             .progress = fg::progress_style::silent});
  BOOST_TEST(history.records[0].metrics.size() == 1u);
  BOOST_TEST(history.records[0].metrics[0].name == "balanced accuracy");
  BOOST_TEST(!std::isnan(history.records[0].metrics[0].value));
}

BOOST_AUTO_TEST_CASE(targets_and_weights_of_samples_come_along) {
  const auto plain = fg::with_targets(some.inputs, 2, some.sums, 1);
  const fg::metric weighted{"weighted error", [](rows outputs, rows targets, rows weights) {
                              double sum = 0, all = 0;
                              for (std::size_t i = 0; i < outputs.size(); ++i) {
                                sum += static_cast<double>(weights[i] * std::abs(outputs[i] - targets[i]));
                                all += static_cast<double>(weights[i]);
                              }
                              return sum / all;
                            }};
  fg::trainer trainer{one_logit, fg::weighted_by_sample(fg::mean_absolute_error), fg::adam{}};
  const auto e = trainer.evaluate(fg::with_weights(plain, some.weights), {weighted, "R2"});
  BOOST_TEST(std::fabs(e.metric("weighted error") - e.loss) < 1e-6);
  BOOST_TEST(e.metric("R2") == e.r2);
  // Outputs that are no numbers are no reason to stop a fit with an exception: the number is NaN, and never the best.
  const auto bias = trainer.read("2.bias");
  trainer.write("2.bias", std::vector<float>{std::numeric_limits<float>::quiet_NaN()});
  const auto burst = trainer.evaluate(fg::with_weights(plain, some.weights), {"R2", "loss"});
  BOOST_TEST(std::isnan(burst.metric("R2")));
  BOOST_TEST(!std::isfinite(burst.metric("loss")));
  trainer.write("2.bias", bias);
}

BOOST_AUTO_TEST_CASE(of_several_outputs_a_metric_is_of_one) {
  const auto samples = fg::labelled(some.inputs, 2, some.labels).and_targets(some.sums, 1);
  auto trainer = both();
  const auto error = [](rows outputs, rows targets) {
    double sum = 0;
    for (std::size_t i = 0; i < outputs.size(); ++i) sum += std::fabs(static_cast<double>(outputs[i] - targets[i]));
    return sum / static_cast<double>(outputs.size());
  };
  const auto e = trainer.evaluate(samples, {{"error", error, 1}, "accuracy of output 0", "R2 of output 1"});
  BOOST_TEST(std::fabs(e.metric("error") - e.outputs[1].mean_absolute_error) < 1e-7);
  BOOST_TEST(e.metrics[1].value == e.outputs[0].accuracy);
  BOOST_TEST(e.metrics[2].value == e.outputs[1].r2);
  BOOST_CHECK_EXCEPTION(static_cast<void>(trainer.evaluate(samples, {{"error", error}})), std::invalid_argument,
                        says("\"error\" takes real targets, and the samples have class labels"));
  BOOST_CHECK_EXCEPTION(static_cast<void>(trainer.evaluate(samples, {{"error", error, 2}})), std::invalid_argument,
                        says("of output 2"));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_before_anything_is_changed) {
  const auto samples = fg::labelled(some.inputs, 2, some.labels);
  auto trainer = classifier();
  const auto before = trainer.read("0.weight");
  const auto refused = [&](std::vector<fg::metric> metrics, const fg::best_by& better, const char* words,
                           bool validated = true) {
    BOOST_CHECK_EXCEPTION(trainer.fit(samples, {.validation = validated ? &samples : nullptr,
                                                .metrics = std::move(metrics),
                                                .better = better,
                                                .progress = fg::progress_style::silent}),
                          std::invalid_argument, says(words));
  };
  const auto loss = fg::best_by::loss;
  const auto in_double = [](std::span<const double>, labels_of) { return 0.0; };
  const auto of_targets = [](rows, rows) { return 0.0; };
  const auto of_weights = [](rows, labels_of, rows) { return 0.0; };
  refused({{"AUC", fg::roc_auc<float>}}, loss, "metrics are measured on a validation set", false);
  refused({}, fg::highest("AUC"), "the AUC is measured on a validation set", false);
  refused({}, fg::highest("AUC"), "there is no metric \"AUC\"");
  refused({"R2"}, loss, "there is no metric \"R2\" of these outputs; there are loss, accuracy, macro F1");
  refused({{"d", in_double}}, loss, "\"d\" takes outputs that are double, and these are float");
  refused({{"t", of_targets}}, loss, "\"t\" takes real targets, and the samples have class labels");
  refused({{"w", of_weights}}, loss, "\"w\" takes weights, and the samples have none");
  refused({{"a", fg::roc_auc<float>}, {"a", fg::roc_auc<float>}}, loss, "metric \"a\" is there twice");
  refused({{"loss", fg::roc_auc<float>}}, loss, "metric \"loss\" has the name of what is told anyway");
  refused({{"", fg::roc_auc<float>}}, loss, "metric \"\" needs a name");
  BOOST_TEST(trainer.read("0.weight") == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
