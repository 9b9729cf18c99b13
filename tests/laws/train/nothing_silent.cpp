// SPDX-License-Identifier: MIT
#include "laws/models.hpp"
#include "says.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <cstring>
#include <functional>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

// Whatever numbers a trainer is given: it refuses them in words before anything is changed, or what comes of them is
// right.
namespace {

using fusegrad::test::says;

constexpr auto model = fg::input<4> | fg::dense<8> | fg::batch_norm | fg::relu | fg::dense<3>;
using model_type = std::remove_cv_t<decltype(model)>;
using samples = fg::data::dataset<float>;
using options = fg::fit_options<samples>;
using trainer = fg::trainer<model_type, std::remove_cv_t<decltype(fg::softmax_cross_entropy)>, fg::adam>;

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN(),
                infinite = std::numeric_limits<float>::infinity();

samples good(std::size_t count = 64, std::size_t features = 4) {
  std::vector<float> x(count * features);
  std::vector<std::int32_t> labels(count);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 101) / 50 - 1;
  for (std::size_t i = 0; i < count; ++i) labels[i] = static_cast<std::int32_t>(i % 3);
  return samples::from_labels(x, features, labels, 3);
}
samples with_input(std::size_t at, float number) {
  const samples data = good();
  std::vector<float> x(data.inputs().begin(), data.inputs().end());
  x[at] = number;
  return data.with_inputs(x, 4);
}
samples with_label(std::size_t at, std::int32_t label) {
  const samples data = good();
  std::vector<std::int32_t> labels(data.labels().begin(), data.labels().end());
  labels[at] = label;
  return samples::from_labels(std::vector<float>(data.inputs().begin(), data.inputs().end()), 4, labels,
                              static_cast<std::size_t>(std::max(3, label + 1)));
}

trainer made(fg::adam rule = {}) { return {model, fg::softmax_cross_entropy, rule, {}}; }
options quiet() { return {.epochs = 4, .batch_size = 16, .progress = fg::progress_style::silent}; }

std::vector<float> all_numbers(const trainer& t) {
  const auto packed = t.parameters().packed();
  return {packed.begin(), packed.end()};
}
bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// Throws with these words, and the model is as it was.
template <class Error = std::invalid_argument>
void refused(trainer t, const std::function<void(trainer&)>& attempt, const std::string& words) {
  const auto before = all_numbers(t);
  BOOST_CHECK_EXCEPTION(attempt(t), Error, says(words));
  BOOST_TEST(same_bits(before, all_numbers(t)), words);
}
void refused(const std::function<void(trainer&)>& attempt, const std::string& words) {
  refused(made(), attempt, words);
}

const std::vector<std::uint32_t> two{0, 1};

BOOST_AUTO_TEST_SUITE(nothing_silent)

BOOST_AUTO_TEST_CASE(numbers_in_data_that_are_none) {
  refused([](trainer& t) { t.fit(with_input(77, not_a_number), quiet()); },
          "the samples: feature 1 of sample 19 is NaN");
  refused([](trainer& t) { t.fit(with_input(77, -infinite), quiet()); }, "feature 1 of sample 19 is minus infinite");
  refused(
      [](trainer& t) {
        const samples held_out = with_input(0, infinite);
        options o = quiet();
        o.validation = &held_out;
        t.fit(good(), o);
      },
      "the validation samples: feature 0 of sample 0 is infinite");
  std::vector<float> x(8, 0.1f), y{not_a_number, 0, 0, 1, 0, 0};
  refused([&](trainer& t) { t.fit(samples::from_targets(x, 4, y, 3), quiet()); }, "target 0 of sample 0 is NaN");
}

BOOST_AUTO_TEST_CASE(sizes_labels_and_indices) {
  refused([](trainer& t) { t.fit(samples{}, quiet()); }, "there is none");
  refused([](trainer& t) { static_cast<void>(t.evaluate(samples{})); }, "at least one sample");
  refused([](trainer& t) { t.fit(good(64, 5), quiet()); }, "have 5 features, the model takes 4");
  for (const samples& held_out : {good(64, 5), samples{}, with_label(63, 7)})
    refused(
        [&](trainer& t) {
          options o = quiet();
          o.validation = &held_out;
          t.fit(good(), o);
        },
        held_out.empty()           ? "the validation samples: there must be at least one"
        : held_out.features() == 5 ? "the validation samples have 5"
                                   : "the validation samples: sample 63 has class 7");
  refused(
      [](trainer& t) {
        options o = quiet();
        o.shuffle = false;
        t.fit(with_label(63, 7), o);
      },
      "sample 63 has class 7, the model has 3 classes");
  refused([](trainer& t) { t.step(good(), std::vector<std::uint32_t>{0, 64}); },
          "sample 64 was asked for, there are 64");
  refused([](trainer& t) { t.step(good(), std::vector<std::uint32_t>{}); }, "at least one sample");
  refused([](trainer& t) { t.step(good(), std::vector<std::uint32_t>{0}); }, "at least 2 samples");
  refused([](trainer& t) { t.fit(good(65), quiet()); }, "leave one sample over");
  refused(
      [](trainer& t) {
        options o = quiet();
        o.batch_size = 0;
        t.fit(good(), o);
      },
      "batch size of at least 1");
  const std::vector<std::int32_t> negative(64, -1);
  const samples data = good();
  refused([&](trainer& t) { t.step(fg::labelled<float>(data.inputs(), 4, negative), two); }, "sample 0 has class -1");
}

BOOST_AUTO_TEST_CASE(rates_and_schedules) {
  const auto scheduled = [](auto schedule) {
    options o = quiet();
    o.learning_rate_schedule = schedule;
    return o;
  };
  refused(
      [](trainer& t) {
        t.rule().learning_rate = std::nan("");
        t.fit(good(), quiet());
      },
      "learning_rate is above 0 and finite, not nan");
  refused(
      [](trainer& t) {
        t.rule().learning_rate = 0;
        t.step(good(), two);
      },
      "learning_rate is above 0 and finite, not 0");
  refused(
      [&](trainer& t) {
        t.fit(good(), scheduled([](const auto& now) { return now.step == 13 ? std::nan("") : 1.0; }));
      },
      "the schedule's factor in epoch 4, step 2 is 0 or more and finite, not nan");
  refused([&](trainer& t) { t.fit(good(), scheduled([](const auto&) { return -5.0; })); },
          "step 1 is 0 or more and finite, not -5");
  refused(
      [&](trainer& t) {
        t.fit(good(), scheduled([](const auto& now) -> double {
                return now.step < 3 ? 1.0 : throw std::invalid_argument("mine");
              }));
      },
      "mine");
  refused([](trainer& t) { t.step(good(), two, std::nan("")); },
          "the factor on the learning rate is 0 or more and finite, not nan");
  BOOST_CHECK_THROW(made({.learning_rate = -1}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(weights_that_are_none) {
  trainer broken = made();
  broken.write("0.bias", std::vector<float>(8, not_a_number));
  refused(broken, [](trainer& t) { t.fit(good(), quiet()); }, "parameter \"0.bias\" is not finite");
}

// A loss that is not finite: the step is not taken.
BOOST_AUTO_TEST_CASE(a_step_without_a_finite_loss_is_not_taken) {
  trainer t = made();
  t.step(good(), two);
  const trainer before = t;
  const fg::batch_result result = t.step(with_input(1, not_a_number), two);
  BOOST_TEST(result.refused);
  BOOST_TEST(std::isnan(result.loss));
  BOOST_TEST(same_bits(all_numbers(before), all_numbers(t)));
  // Nor does anything else remember it.
  trainer other = before;
  t.step(good(), two);
  other.step(good(), two);
  BOOST_TEST(same_bits(all_numbers(other), all_numbers(t)));
}

// Too large a rate: weights overflow sooner or later. The fit ends before the step that would make them infinite,
// however far behind the loss shows it.
BOOST_AUTO_TEST_CASE(a_fit_ends_before_weights_are_not_finite) {
  for (const double rate : {1e30, 3e38}) {
    trainer t = made({.learning_rate = rate});
    const fg::history h = t.fit(good(), quiet());
    BOOST_TEST((h.end == fg::fit_end::not_finite));
    BOOST_TEST(h.stop_reason.find("epoch 1, step ") == 0u, h.stop_reason);
    BOOST_TEST(h.stop_reason.find("the model is as it was before this step") != std::string::npos);
    BOOST_TEST(t.is_finite());
    BOOST_TEST(h.records.size() == 1u);

    // The same steps by hand end with the same weights; the next one would be the wrong one.
    const std::size_t step =
        static_cast<std::size_t>(std::stoul(h.stop_reason.substr(h.stop_reason.find("step ") + 5)));
    trainer by_hand = made({.learning_rate = rate});
    const auto order = fg::base::permutation(64, 0, 0);
    for (std::size_t i = 0; i + 1 < step; ++i) by_hand.step(good(), std::span(order).subspan(16 * i, 16));
    BOOST_TEST(same_bits(all_numbers(by_hand), all_numbers(t)));
    BOOST_TEST((by_hand.step(good(), std::span(order).subspan(16 * (step - 1), 16)).refused || !by_hand.is_finite()));
  }
}

BOOST_AUTO_TEST_CASE(without_that_option_it_goes_on) {
  trainer t = made({.learning_rate = 3e38});
  options o = quiet();
  o.stay_finite = false;
  BOOST_TEST(t.fit(good(), o).records.size() == 4u);
}

BOOST_AUTO_TEST_CASE(a_batch_larger_than_the_data_is_all_of_it) {
  for (const std::size_t size : {std::size_t{100'000}, ~std::size_t{0}}) {
    trainer t = made(), once = made();
    options o = quiet();
    o.epochs = 1;
    o.shuffle = false;
    o.batch_size = size;
    BOOST_TEST(t.fit(good(), o).records.size() == 1u);
    o.batch_size = 64;
    once.fit(good(), o);
    BOOST_TEST(same_bits(all_numbers(once), all_numbers(t)));
  }
}

// Its samples go through every step together: memory grows with the batch, and its size must not wrap around.
BOOST_AUTO_TEST_CASE(a_largest_batch_beyond_all_memory_is_refused) {
  for (const std::size_t batch :
       {std::size_t{1} << 61, (std::size_t{1} << 60) + 3, ~std::size_t{0} - 8, ~std::size_t{0}}) {
    BOOST_CHECK_THROW(trainer(model, fg::softmax_cross_entropy, {}, {.largest_batch = batch}), std::length_error);
    refused<std::length_error>(made(), [&](trainer& t) { t.reserve(batch); }, "the largest batch");
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
