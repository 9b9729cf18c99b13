// SPDX-License-Identifier: MIT
#include <fusegrad/train/measure.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <limits>
#include <vector>

namespace {

namespace fg = fusegrad;
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

template <class Loss>
fg::evaluation with_labels(Loss, std::vector<float> outputs, std::size_t width, std::vector<std::int32_t> labels) {
  const std::vector<float> inputs(labels.size());
  return fg::train::measure<Loss>(fg::labelled<float>(inputs, 1, labels), std::span<const float>(outputs), width,
                                  width);
}
template <class Loss>
fg::evaluation with_targets(Loss, std::vector<float> outputs, std::vector<float> targets, std::size_t width) {
  const std::vector<float> inputs(targets.size() / width);
  return fg::train::measure<Loss>(fg::with_targets<float>(inputs, 1, targets, width), std::span<const float>(outputs),
                                  width, width);
}

BOOST_AUTO_TEST_SUITE(train_measure)

BOOST_AUTO_TEST_CASE(real_targets_of_a_logit_loss_are_answers) {
  const auto one = with_targets(fg::binary_cross_entropy, {-3, 0.2f, 4, -1}, {0, 1, 1, 1}, 1);
  BOOST_TEST(one.accuracy == 0.75);
  BOOST_TEST(one.confusion.count(1, 0) == 1u);
  BOOST_TEST(std::isnan(one.r2));
  BOOST_TEST(std::isnan(one.mean_absolute_error));
  const auto several = with_targets(fg::binary_cross_entropy, {-3, 0.2f, 4, -1}, {0, 1, 1, 1}, 2);
  BOOST_TEST(several.accuracy == 0.75);
  BOOST_TEST(several.confusion.empty());
  BOOST_TEST(with_targets(fg::hinge, {-3, 0.2f, 4, -1}, {-1, 1, 1, -1}, 1).accuracy == 1);
}

BOOST_AUTO_TEST_CASE(one_hot_targets_are_classes) {
  const auto e = with_targets(fg::softmax_cross_entropy, {3, 1, 0, /**/ 0, 1, 2, /**/ 1, 5, 1},
                              {1, 0, 0, /**/ 0, 1, 0, /**/ 0.1f, 0.7f, 0.2f}, 3);
  BOOST_TEST(e.accuracy == 2.0 / 3);
  BOOST_TEST(e.confusion.count(1, 2) == 1u);
  BOOST_TEST(std::isnan(e.r2));
}

BOOST_AUTO_TEST_CASE(estimates_have_r2_and_no_accuracy) {
  const auto e = with_targets(fg::mean_squared_error, {1, 2, 4}, {1, 2, 3}, 1);
  BOOST_TEST(e.r2 == 0.5);
  BOOST_TEST(std::isnan(e.accuracy));
}

// A loss of a user's own on one logit: every sign is right.
BOOST_AUTO_TEST_CASE(what_outputs_mean_to_a_custom_loss_is_found_out) {
  constexpr auto focal = fg::loss([](auto logit, auto t) {
    auto q = sigmoid(logit * (2 * t - 1));
    return -square(1 - q) * log(q);
  });
  BOOST_TEST(with_labels(focal, {-1, 0.3f, 0.4f, 2}, 1, {0, 1, 1, 1}).accuracy == 1);
  BOOST_TEST(with_labels(fg::mean_squared_error, {0.1f, 0.3f, 0.6f, 2}, 1, {0, 0, 1, 1}).accuracy == 1);
  constexpr auto energy = fg::loss([](auto p, auto) { return square(p); });
  BOOST_TEST(std::isnan(with_labels(energy, {-1, 2}, 1, {0, 1}).accuracy));
  BOOST_TEST(std::isnan(with_targets(energy, {-1, 2}, {0, 1}, 1).r2));
}

BOOST_AUTO_TEST_CASE(outputs_that_are_not_numbers_name_no_class) {
  const auto e = with_labels(fg::softmax_cross_entropy, {nan, nan, nan, /**/ 1, nan, 0, /**/ 2, 1, 0}, 3, {0, 0, 0});
  BOOST_TEST(e.accuracy == 1.0 / 3);
  BOOST_TEST(e.not_numbers == 2u);
  BOOST_TEST(e.confusion.samples() == 1u);
  BOOST_TEST(e.to_string().find("2 with outputs that are not numbers") != std::string::npos);
  BOOST_TEST(with_targets(fg::binary_cross_entropy, {nan, 1}, {0, 1}, 1).accuracy == 0.5);
}

/// Mean and logarithm of the variance from one target: the width of targets is not that of outputs.
struct gaussian : fg::loss_base {
  static constexpr fg::tensor::extents target_shape(fg::tensor::extents) { return fg::tensor::vector_of(1); }
  static constexpr void emit(fg::emitter& e, const fg::row& prediction, const fg::row& target) {
    fg::growing<std::size_t> widths;
    widths.push_back(1);
    widths.push_back(1);
    const fg::wire parts = e.split(prediction, widths);
    e.add_to_loss(e.map([](auto mean, auto spread, auto y) { return 0.5 * (spread + square(y - mean) * exp(-spread)); },
                        parts[0], parts[1], target),
                  fg::graph::uniform::loss_scale);
  }
};

BOOST_AUTO_TEST_CASE(a_loss_with_targets_of_another_width_is_evaluated) {
  constexpr auto model = fg::input<1> | fg::dense<2>;
  fg::trainer trainer{model, gaussian{}, fg::sgd{}};
  trainer.write("0.weight", std::vector<float>{1, 0});
  trainer.write("0.bias", std::vector<float>{0, 0});
  const std::vector<float> x{1, 2, 3}, y{1, 2, 5};
  const auto e = trainer.evaluate(fg::with_targets<float>(x, 1, y, 1));
  // The mean over samples and outputs of (y - x)^2 / 2.
  BOOST_TEST(e.loss == 0.5 * 4 / (3 * 2), boost::test_tools::tolerance(1e-6));
  BOOST_TEST(e.samples == 3u);
  BOOST_TEST(std::isnan(e.r2));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
