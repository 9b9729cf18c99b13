// SPDX-License-Identifier: MIT
#include <fusegrad/train/fit.hpp>

#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace fg = fusegrad;
using fusegrad::test::says;

constexpr auto architecture = fg::input<2> | fg::dense<8> | fg::tanh | fg::dense<1>;

/// y = sin(x0) + x1 / 2 on a grid of points that is not a whole number of batches.
fg::data::dataset<float> curve(std::size_t count) {
  std::vector<float> inputs, targets;
  for (std::size_t i = 0; i < count; ++i) {
    const float x = static_cast<float>(std::sin(0.7 * static_cast<double>(i)));
    const float z = static_cast<float>(std::cos(1.3 * static_cast<double>(i)));
    inputs.insert(inputs.end(), {x, z});
    targets.push_back(std::sin(x) + 0.5f * z);
  }
  return fg::data::dataset<float>::from_targets(inputs, 2, targets, 1);
}

auto make_trainer(double rate = 0.05) {
  return fg::trainer{architecture, fg::mean_squared_error, fg::sgd{.learning_rate = rate},
                     fg::training_options<float>{.seed = 4, .threads = 1}};
}

BOOST_AUTO_TEST_SUITE(train_fit)

BOOST_AUTO_TEST_CASE(the_loss_falls_and_the_history_tells) {
  const auto samples = curve(101), held_out = curve(40);
  auto trainer = make_trainer();
  const double before = trainer.evaluate(samples).loss;
  const fg::history history = trainer.fit(
      samples, {.epochs = 60, .batch_size = 16, .validation = &held_out, .progress = fg::progress_style::silent});
  BOOST_TEST(history.records.size() == 60u);
  BOOST_TEST(history.records.front().epoch == 1u);
  BOOST_TEST(history.records.back().loss < before / 10);
  BOOST_TEST(history.records.back().validation_loss == trainer.evaluate(held_out).loss);
  BOOST_TEST(std::isnan(history.records.back().accuracy));
  BOOST_TEST(trainer.evaluate(samples).r2 > 0.9);
}

BOOST_AUTO_TEST_CASE(an_epoch_is_the_same_as_its_steps) {
  const auto samples = curve(37);
  auto fitted = make_trainer(), stepped = make_trainer();
  fitted.fit(samples, {.epochs = 2, .batch_size = 10, .seed = 9, .progress = fg::progress_style::silent});
  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    const auto order = fg::base::permutation(37, 9, epoch);
    for (std::size_t first = 0; first < 37; first += 10)
      stepped.step(samples, std::span(order).subspan(first, std::min<std::size_t>(10, 37 - first)));
  }
  for (const auto& name : fitted.parameter_names()) BOOST_TEST(fitted.read(name) == stepped.read(name));
}

BOOST_AUTO_TEST_CASE(without_shuffling_samples_come_in_their_order) {
  const auto samples = curve(12);
  auto fitted = make_trainer(), stepped = make_trainer();
  fitted.fit(samples, {.epochs = 1, .batch_size = 12, .shuffle = false, .progress = fg::progress_style::silent});
  std::vector<std::uint32_t> order(12);
  std::iota(order.begin(), order.end(), 0u);
  stepped.step(samples, order);
  BOOST_TEST(fitted.read("0.weight") == stepped.read("0.weight"));
}

BOOST_AUTO_TEST_CASE(a_schedule_multiplies_the_learning_rate) {
  const auto samples = curve(20);
  auto trainer = make_trainer(0.1);
  const auto history = trainer.fit(samples, {.epochs = 4,
                                             .batch_size = 20,
                                             .learning_rate_schedule = fg::schedule::step_decay(2, 0.5),
                                             .progress = fg::progress_style::silent});
  BOOST_TEST(history.records[0].learning_rate == 0.1);
  BOOST_TEST(history.records[1].learning_rate == 0.1);
  BOOST_TEST(history.records[2].learning_rate == 0.05);
  BOOST_TEST(history.records[3].learning_rate == 0.05);
}

BOOST_AUTO_TEST_CASE(a_rule_without_a_learning_rate_takes_no_factor_on_it) {
  const auto samples = curve(20);
  constexpr auto fixed = fg::update_rule([](auto w, auto g) { return w - 0.1 * g; });
  static constexpr auto net = fg::input<2> | fg::dense<1>;
  fg::trainer trainer{net, fg::mean_squared_error, fixed, fg::training_options<float>{.seed = 1}};
  const auto before = trainer.read("0.weight");
  const auto refused = [&](const fg::fit_options<fg::data::dataset<float>>& options, const char* words) {
    BOOST_CHECK_EXCEPTION(trainer.fit(samples, options), std::invalid_argument, says(words));
  };
  refused({.learning_rate_schedule = fg::schedule::step_decay(2, 0.5)},
          "the schedule's factor in epoch 3, step 1 is 0.5, and the update rule has no setting \"learning_rate\"");
  refused({.validation = &samples, .plateau = {.factor = 0.5}},
          "plateau.factor is 0.5, and the update rule has no setting \"learning_rate\"");
  const std::vector<std::uint32_t> first{0};
  BOOST_CHECK_EXCEPTION(trainer.step(samples, first, 0.5), std::invalid_argument,
                        says("the factor on the learning rate is 0.5, and the update rule has no setting"));
  BOOST_CHECK_THROW(trainer.steps(samples, first, 1, 0.0), std::invalid_argument);
  BOOST_TEST(trainer.read("0.weight") == before, boost::test_tools::per_element());
  trainer.fit(samples, {.epochs = 1,
                        .learning_rate_schedule = fg::schedule::constant(),
                        .progress = fg::progress_style::silent});
  BOOST_TEST(!trainer.step(samples, first).refused);
}

BOOST_AUTO_TEST_CASE(early_stopping_ends_with_the_best_weights) {
  const auto samples = curve(64), held_out = curve(30);
  auto trainer = make_trainer(2.0); // far too large: the loss soon grows
  double best = 1e300;
  std::vector<float> best_weights;
  const auto history = trainer.fit(samples, {.epochs = 200,
                                             .batch_size = 64,
                                             .validation = &held_out,
                                             .patience = 3,
                                             .progress = fg::progress_style::silent,
                                             .on_epoch = [&](const fg::epoch_record& record) {
                                               if (record.validation_loss < best) {
                                                 best = record.validation_loss;
                                                 best_weights = trainer.read("0.weight");
                                               }
                                               return true;
                                             }});
  BOOST_TEST(history.stopped_early);
  BOOST_TEST(history.records.size() < 200u);
  BOOST_TEST(trainer.read("0.weight") == best_weights);
  BOOST_TEST(trainer.evaluate(held_out).loss == best);
}

BOOST_AUTO_TEST_CASE(the_last_batch_can_be_left_out) {
  const auto samples = curve(37);
  auto trainer = make_trainer(), by_hand = make_trainer();
  const auto history = trainer.fit(
      samples,
      {.epochs = 2, .batch_size = 16, .shuffle = false, .drop_last = true, .progress = fg::progress_style::silent});
  BOOST_TEST(history.records.size() == 2u);
  std::vector<std::uint32_t> batch(16);
  for (int epoch = 0; epoch < 2; ++epoch)
    for (std::uint32_t first : {0u, 16u}) {
      std::iota(batch.begin(), batch.end(), first);
      by_hand.step(samples, batch);
    }
  BOOST_TEST(trainer.read("0.weight") == by_hand.read("0.weight"), boost::test_tools::per_element());
  BOOST_CHECK_THROW(trainer.fit(samples, {.batch_size = 38, .drop_last = true}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_small_improvement_is_none) {
  const auto samples = curve(64), held_out = curve(30);
  const auto epochs_of = [&](double least) {
    auto trainer = make_trainer();
    return trainer
        .fit(samples, {.epochs = 200,
                       .validation = &held_out,
                       .patience = 2,
                       .least_improvement = least,
                       .progress = fg::progress_style::silent})
        .records.size();
  };
  BOOST_TEST(epochs_of(10) == 3u); // the first is the best, and the next two are no better
  BOOST_TEST(epochs_of(1e-3) < 200u);
  BOOST_TEST(epochs_of(1e-3) < epochs_of(0));
}

BOOST_AUTO_TEST_CASE(a_plateau_lowers_the_rate) {
  const auto samples = curve(64), held_out = curve(30);
  auto trainer = make_trainer(0.1);
  const auto history = trainer.fit(samples, {.epochs = 6,
                                             .validation = &held_out,
                                             .plateau = {.factor = 0.5, .patience = 1, .least_improvement = 1e3},
                                             .progress = fg::progress_style::silent});
  std::vector<double> rates;
  for (const auto& record : history.records) rates.push_back(record.learning_rate);
  const std::vector<double> expected{0.1, 0.1, 0.1, 0.05, 0.05, 0.025};
  BOOST_TEST(rates == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_better_can_be_the_accuracy) {
  std::vector<float> inputs;
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 40; ++i) {
    inputs.insert(inputs.end(), {static_cast<float>(std::sin(i)), static_cast<float>(std::cos(3 * i))});
    labels.push_back(inputs[inputs.size() - 2] > inputs.back() ? 1 : 0);
  }
  const auto samples = fg::labelled(inputs, 2, labels);
  static constexpr auto net = fg::input<2> | fg::dense<6> | fg::tanh | fg::dense<2>;
  fg::trainer trainer{net, fg::softmax_cross_entropy, fg::sgd{.learning_rate = 1}, fg::training_options<>{.seed = 2}};
  const auto history = trainer.fit(samples, {.epochs = 60,
                                             .batch_size = 8,
                                             .validation = &samples,
                                             .patience = 8,
                                             .better = fg::best_by::accuracy,
                                             .progress = fg::progress_style::silent});
  double best = 0;
  for (const auto& record : history.records) best = std::max(best, record.validation_accuracy);
  BOOST_TEST(history.stopped_early);
  BOOST_TEST(trainer.evaluate(samples).accuracy == best);
  BOOST_TEST(history.stop_reason.find("accuracy") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_needs_a_validation_set_says_so) {
  const auto samples = curve(20);
  auto trainer = make_trainer();
  const auto before = trainer.read("0.weight");
  const auto refused = [&](const fg::fit_options<fg::data::dataset<float>>& options, const char* words) {
    BOOST_CHECK_EXCEPTION(trainer.fit(samples, options), std::invalid_argument, says(words));
  };
  refused({.plateau = {.factor = 0.5}}, "a plateau is seen on a validation set");
  refused({.validation = &samples, .plateau = {.factor = 0}}, "plateau.factor");
  refused({.validation = &samples, .plateau = {.factor = 0.5, .floor = 2}}, "plateau.floor");
  refused({.validation = &samples, .patience = 3, .least_improvement = -1}, "least improvement");
  refused({.better = fg::best_by::accuracy}, "the accuracy is measured on a validation set");
  refused({.validation = &samples, .better = fg::best_by::accuracy},
          "no metric \"accuracy\" of these outputs; there are loss, R2, mean absolute error");
  BOOST_TEST(trainer.read("0.weight") == before, boost::test_tools::per_element());
}

// What acts while it learns, and the mean of the weights on the way.
BOOST_AUTO_TEST_CASE(live_inference_sees_every_step) {
  const auto samples = curve(40);
  auto trainer = make_trainer();
  const auto live = trainer.live();
  const std::array sample{0.3F, -0.4F};
  fg::weights mean = trainer.parameters();
  auto expected = mean.read("0.weight");
  std::size_t steps = 0;
  trainer.fit(samples, {.epochs = 3, .batch_size = 16, .progress = fg::progress_style::silent, .on_step = [&] {
                          ++steps;
                          BOOST_TEST(live(sample)[0] == trainer.inference()(sample)[0]);
                          mean.move_towards(trainer.parameters(), 0.1);
                          const auto now = trainer.read("0.weight");
                          for (std::size_t i = 0; i < now.size(); ++i) expected[i] += 0.1F * (now[i] - expected[i]);
                        }});
  BOOST_TEST(steps == 9u);
  for (std::size_t i = 0; i < expected.size(); ++i)
    BOOST_TEST(mean.read("0.weight")[i] == expected[i], boost::test_tools::tolerance(1e-5F));
  std::vector<float> out(2);
  const std::vector<float> two{0.3F, -0.4F, 1, 2};
  typename std::remove_cvref_t<decltype(live)>::workspace memory{1};
  live.predict(two, out, memory);
  BOOST_TEST(out == trainer.predict(two), boost::test_tools::per_element());
}

// A callback may write to the weights; what is wrong with them then is no step's fault.
BOOST_AUTO_TEST_CASE(numbers_that_a_callback_writes_are_blamed_on_no_step) {
  const auto samples = curve(48);
  const auto write_nan = [](auto& trainer) {
    auto numbers = trainer.parameters().read("2.bias");
    numbers[0] = std::nanf("");
    trainer.parameters().write("2.bias", numbers);
  };
  const std::string why =
      "weights, or states of the update rule, are not finite; made again without what else was written, no update "
      "makes them so: something else, as a callback, wrote to them; the model is as the updates alone make it";
  for (const std::size_t at : {2u, 3u, 5u}) {
    auto trainer = make_trainer(), undisturbed = make_trainer();
    std::size_t steps = 0;
    const fg::history h =
        trainer.fit(samples, {.epochs = 4, .batch_size = 16, .progress = fg::progress_style::silent, .on_step = [&] {
                                if (++steps == at) write_nan(trainer);
                              }});
    BOOST_TEST((h.end == fg::fit_end::not_finite));
    BOOST_TEST(h.stop_reason == "epoch " + std::to_string((at + 2) / 3) + ", behind step " +
                                    std::to_string((at - 1) % 3 + 1) + ": " + why);
    std::size_t taken = 0;
    const auto order = [&](std::size_t epoch) { return fg::base::permutation(48, 0, epoch); };
    for (; taken < at; ++taken) {
      const auto indices = order(taken / 3);
      undisturbed.step(samples, std::span(indices).subspan(16 * (taken % 3), 16));
    }
    BOOST_TEST(trainer.read("0.weight") == undisturbed.read("0.weight"), boost::test_tools::per_element());
  }
  auto trainer = make_trainer();
  const fg::history h = trainer.fit(
      samples,
      {.epochs = 4, .batch_size = 16, .progress = fg::progress_style::silent, .on_epoch = [&](const fg::epoch_record&) {
         write_nan(trainer);
         return true;
       }});
  BOOST_TEST(h.stop_reason ==
             "epoch 2, before step 1: weights, or states of the update rule, are not finite, and no update made them "
             "so: something else, as a callback, wrote to them; the model is left as it is");
  BOOST_TEST(h.records.front().loss == h.records.front().loss);
  // What it writes is finite, and so is the loss of it, but not the update.
  auto scaled = make_trainer();
  const auto scale = [&] {
    scaled.parameters().write("0.weight", std::vector<float>(16, 1e-21F));
    scaled.parameters().write("0.bias", std::vector<float>(8));
    scaled.parameters().write("2.weight", std::vector<float>(8, 1e38F));
  };
  std::size_t steps = 0;
  const fg::history of_scaled =
      scaled.fit(samples, {.epochs = 4, .batch_size = 16, .progress = fg::progress_style::silent, .on_step = [&] {
                             if (++steps == 1) scale();
                           }});
  BOOST_TEST(of_scaled.stop_reason.ends_with(why), of_scaled.stop_reason);
}

// Whoever ends a fit in its best epoch wants the weights of that one.
BOOST_AUTO_TEST_CASE(a_callback_that_ends_the_best_epoch_keeps_its_weights) {
  const auto samples = curve(64), held_out = curve(30);
  for (const std::size_t last : {1u, 5u}) {
    auto trainer = make_trainer();
    const auto history =
        trainer.fit(samples, {.epochs = 100,
                              .validation = &held_out,
                              .patience = 10,
                              .progress = fg::progress_style::silent,
                              .on_epoch = [=](const fg::epoch_record& record) { return record.epoch < last; }});
    BOOST_TEST((history.end == fg::fit_end::callback));
    BOOST_TEST(history.best_epoch() == last);
    BOOST_TEST(trainer.evaluate(held_out).loss == history.records.back().validation_loss);
  }
}

BOOST_AUTO_TEST_CASE(two_fits_are_one_that_is_longer) {
  const auto samples = curve(37);
  for (const bool shuffle : {true, false}) {
    auto whole = make_trainer(), parts = make_trainer(), singles = make_trainer();
    const auto of = [&](std::size_t epochs) {
      return fg::fit_options<fg::data::dataset<float>>{
          .epochs = epochs, .batch_size = 10, .shuffle = shuffle, .progress = fg::progress_style::silent};
    };
    whole.fit(samples, of(4));
    parts.fit(samples, of(3));
    parts.fit(samples, of(1));
    for (int i = 0; i < 4; ++i) singles.fit(samples, of(1));
    BOOST_TEST(parts.epochs() == 4u);
    for (const auto& name : whole.parameter_names()) {
      BOOST_TEST(whole.read(name) == parts.read(name));
      BOOST_TEST(whole.read(name) == singles.read(name));
    }
  }
}

/// Sees enough after so many steps.
struct patient {
  int left;
  static bool wants(std::size_t) { return false; }
  static bool took_step() { return true; }
  template <class... Arguments> static fg::batch_result compute(Arguments&&...) { return {}; }
  static void end_epoch(std::size_t) {}
  std::string reason_to_stop() { return left-- > 0 ? "" : "enough"; }
};

// Of an epoch that was broken off, the means are over the samples that it saw.
BOOST_AUTO_TEST_CASE(an_observer_can_stop_inside_an_epoch) {
  const auto samples = curve(40);
  auto stopped = make_trainer(), whole = make_trainer();
  stopped.rule().learning_rate = whole.rule().learning_rate = 1e-30; // each step finds the same weights
  patient observer{.left = 5};
  const fg::fit_options<fg::data::dataset<float>> options{
      .epochs = 3, .batch_size = 10, .shuffle = false, .progress = fg::progress_style::silent};
  const auto history =
      stopped.fit(samples, options, observer); // four steps and the end of the first epoch, one step of the second
  const auto expected = whole.fit(samples, options);
  BOOST_TEST(history.records.size() == 2u);
  BOOST_TEST((history.end == fg::fit_end::observer));
  BOOST_TEST(history.records[0].loss == expected.records[0].loss);
  BOOST_TEST(history.records[1].loss > expected.records[1].loss / 4);
  std::vector<std::uint32_t> first(10);
  std::iota(first.begin(), first.end(), 0u);
  BOOST_TEST(history.records[1].loss == make_trainer().step(samples, first).loss);
}

BOOST_AUTO_TEST_CASE(a_callback_can_stop) {
  const auto samples = curve(16);
  auto trainer = make_trainer();
  const auto history = trainer.fit(samples, {.epochs = 50,
                                             .progress = fg::progress_style::silent,
                                             .on_epoch = [](const fg::epoch_record& r) { return r.epoch < 5; }});
  BOOST_TEST(history.records.size() == 5u);
  BOOST_TEST(history.stopped_early);
}

// Two tables may have other classes, or columns in another order, and the same sizes.
BOOST_AUTO_TEST_CASE(validation_samples_that_are_called_otherwise_are_refused) {
  constexpr auto classifier = fg::input<2> | fg::dense<3>;
  fg::trainer trainer{classifier, fg::softmax_cross_entropy, fg::sgd{}};
  const auto plain = fg::data::dataset<float>::from_labels({1, 2, 3, 4}, 2, {0, 1}, 2);
  const auto samples = plain.with_class_names({"no", "yes"}).with_feature_names({"x", "y"});
  const auto refused = [&](const auto& validation, const std::string& words) {
    BOOST_CHECK_EXCEPTION(
        trainer.fit(samples, {.epochs = 1, .validation = &validation, .progress = fg::progress_style::silent}),
        std::invalid_argument, says(words));
  };
  refused(samples.with_class_names({"maybe", "yes"}),
          "the validation samples: class 0 is called \"maybe\", in the samples it is \"no\".");
  refused(samples.with_feature_names({"x", "z"}), "feature 1 is called \"z\", in the samples it is \"y\".");
  BOOST_TEST(trainer.epochs() == 0u);
  const auto fewer = fg::data::dataset<float>::from_labels({1, 2}, 2, {0}, 1).with_class_names({"no"});
  for (const auto& validation : {plain, samples, fewer})
    trainer.fit(samples, {.epochs = 1, .validation = &validation, .progress = fg::progress_style::silent});
  BOOST_TEST(trainer.epochs() == 3u);
}

BOOST_AUTO_TEST_CASE(a_callback_that_gives_back_nothing_only_looks) {
  const auto samples = curve(16);
  auto trainer = make_trainer();
  std::vector<double> losses;
  const auto look = [&](const fg::epoch_record& r) { losses.push_back(r.loss); };
  const auto history =
      trainer.fit(samples, {.epochs = 3, .progress = fg::progress_style::silent, .on_epoch = look});
  BOOST_TEST(history.records.size() == 3u);
  BOOST_TEST(losses.size() == 3u);
  BOOST_TEST(!history.stopped_early);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_and_nothing_changes) {
  const auto samples = curve(16);
  auto trainer = make_trainer();
  const auto before = trainer.read("0.weight");
  BOOST_CHECK_THROW(trainer.fit(samples, {.batch_size = 0}), std::invalid_argument);
  BOOST_CHECK_THROW(trainer.fit(samples, {.patience = 3}), std::invalid_argument);
  const auto wide = fg::data::dataset<float>::from_targets(std::vector<float>(9), 3, std::vector<float>(3), 1);
  BOOST_CHECK_EXCEPTION(trainer.fit(wide, {.progress = fg::progress_style::silent}), std::invalid_argument,
                        says("3 features, the model takes 2"));
  BOOST_TEST(trainer.read("0.weight") == before);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
