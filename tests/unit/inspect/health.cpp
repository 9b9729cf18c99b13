// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/health.hpp>

#include "laws/models.hpp"
#include "laws/train/plain_pass.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <fusegrad/data/dataset.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/gated.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/run/by_columns.hpp>
#include <fusegrad/train/types_by_name.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <vector>

namespace {

namespace fi = fusegrad::inspect;
using fi::measure;
using fusegrad::test::number;
using fusegrad::test::plain_pass;
using fusegrad::test::table;

constexpr auto model = fg::input<4> | fg::dense<6> | fg::relu | fg::residual(fg::dense<6> | fg::tanh) | fg::dense<2>;
constexpr auto coupled_model = fg::input<4> | fg::dense<6> | fg::batch_norm | fg::relu | fg::dense<2>;
// Each ends in a product that something is added to.
constexpr auto products_model = fg::input<4> | fg::dense<40> | fg::residual(fg::dense<40> | fg::silu) |
                                fg::residual(fg::dense<80> | fg::bilinear) | fg::dense<2>;
constexpr std::size_t sample_count = 60;

/// Called with the path of each layer and what it puts out, which it may change.
using visitor = std::function<void(const std::string&, table&)>;

number loss_of(plain_pass& p, const visitor& visit, const std::vector<double>& inputs,
               const std::vector<double>& targets, std::size_t count) {
  const auto outputs = [&](plain_pass& pass, const table& in) {
    const auto done = [&](const char* path, table x) {
      visit(path, x);
      return x;
    };
    const table before = done("1", pass.relu(done("0", pass.dense(in, "0"))));
    table sum = done(
        "2.body.1", pass.each(done("2.body.0", pass.dense(before, "2.body.0")), [](number v) { return std::tanh(v); }));
    for (std::size_t s = 0; s < sum.size(); ++s)
      for (std::size_t k = 0; k < sum[s].size(); ++k) sum[s][k] += before[s][k];
    return done("3", pass.dense(done("2", sum), "3"));
  };
  return p.loss_of(outputs, inputs, 4, targets, count);
}

struct data {
  std::vector<double> inputs, targets;
  data() {
    for (std::size_t i = 0; i < sample_count * 4; ++i) inputs.push_back(std::sin(static_cast<double>(i * i % 1009)));
    for (std::size_t i = 0; i < sample_count * 2; ++i) targets.push_back(std::cos(static_cast<double>(i * i % 499)));
  }
  [[nodiscard]] auto view() const { return fg::with_targets<double>(inputs, 4, targets, 2); }
};

std::vector<std::uint32_t> first(std::size_t count) {
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

template <class Model> auto trainer_of(const Model& architecture, fg::training_options<double> options = {}) {
  options.seed = 3;
  return fg::trainer{architecture, fg::mean_squared_error, fg::adam{.learning_rate = 0.02}, options};
}
/// Its tanh is saturated for some samples, and never 0.
auto saturated_trainer(fg::training_options<double> options = {}) {
  auto trainer = trainer_of(model, options);
  auto weight = trainer.read("2.body.0.weight");
  for (double& w : weight) w *= 8;
  trainer.write("2.body.0.weight", weight);
  trainer.write("2.body.0.bias", std::vector{0.1, -0.2, 0.3, -0.4, 0.5, -0.6});
  return trainer;
}

template <class Trainer> std::vector<double> numbers_of(const Trainer& trainer) {
  const auto packed = trainer.parameters().packed();
  return {packed.begin(), packed.end()};
}
double norm_of(const std::vector<double>& x) {
  return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0));
}

std::size_t layer_at(const fi::health_log& log, const std::string& path) {
  for (std::size_t i = 0; i < log.layers().size(); ++i)
    if (log.layers()[i].path == path) return i;
  BOOST_FAIL("no layer " << path);
  return 0;
}

bool is_near(double a, double b, double tolerance = 1e-9) {
  return std::abs(a - b) <= tolerance * (1e-3 + std::abs(b));
}

/// What is observed of one layer, counted and summed by hand.
struct expected_measures {
  double mean = 0, variance = 0, zero_share = 0, saturated_share = 0, gradient = 0;
};
expected_measures measures_of(const table& outputs, const table& gradient, bool is_tanh) {
  expected_measures out;
  const auto count = static_cast<number>(outputs.size() * outputs[0].size());
  number sum = 0, squares = 0, gradient_squares = 0;
  for (std::size_t s = 0; s < outputs.size(); ++s)
    for (std::size_t k = 0; k < outputs[s].size(); ++k) {
      const number y = outputs[s][k];
      sum += y, squares += y * y, gradient_squares += gradient[s][k] * gradient[s][k];
      out.zero_share += static_cast<double>((y == 0 ? 1 : 0) / count);
      if (is_tanh && 1 - y * y < 0.005L) out.saturated_share += static_cast<double>(1 / count);
    }
  out.mean = static_cast<double>(sum / count);
  out.variance = static_cast<double>(squares / count - sum / count * sum / count);
  out.gradient = static_cast<double>(std::sqrt(gradient_squares / static_cast<number>(outputs.size())));
  return out;
}

/// The smallest networks keep samples by columns, where nobody observes them, and sum in another order there.
template <class Model>
constexpr bool has_one_order =
    !fg::execution::is_by_columns<double>(fg::plan::compiled<Model, std::remove_cv_t<decltype(fg::mean_squared_error)>,
                                                             fg::plan::purpose::train, double>::value);
static_assert(has_one_order<std::remove_cv_t<decltype(products_model)>>);
static_assert(has_one_order<std::remove_cv_t<decltype(coupled_model)>>);

template <class Model> void check_same_weights(const Model& architecture) {
  const data d;
  const auto is_same = [](double a, double b) { return has_one_order<Model> ? a == b : is_near(a, b, 1e-11); };
  for (const int threads : {1, 3}) {
    auto observed = trainer_of(architecture, {.threads = threads, .clip_norm = 0.5}),
         alone = trainer_of(architecture, {.threads = threads, .clip_norm = 0.5});
    fi::health health{observed, {.every = 2}};
    const auto a =
        observed.fit(d.view(), {.epochs = 4, .batch_size = 13, .progress = fg::progress_style::silent}, health);
    const auto b = alone.fit(d.view(), {.epochs = 4, .batch_size = 13, .progress = fg::progress_style::silent});
    const auto found = numbers_of(observed), expected = numbers_of(alone);
    for (std::size_t i = 0; i < found.size(); ++i)
      BOOST_TEST(is_same(found[i], expected[i]), threads << " threads, number " << i);
    for (std::size_t e = 0; e < 4; ++e) BOOST_TEST(is_same(a.records[e].loss, b.records[e].loss));
    BOOST_TEST(health.log().steps_taken() == 10u); // of 20
    BOOST_TEST(!a.stopped_early);
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(inspect_health, *boost::unit_test::description("waits for threads"))

BOOST_AUTO_TEST_CASE(what_is_observed_is_what_plain_loops_find) {
  data d;
  for (const std::size_t batch : {1u, 21u, 60u}) {
    auto trainer = saturated_trainer();
    plain_pass plain(trainer, true);
    fi::health health{trainer};
    const auto result = trainer.step(d.view(), first(batch), 1, health);
    std::map<std::string, table> outputs, gradients;
    const number loss =
        loss_of(plain, [&](const std::string& path, table& x) { outputs[path] = x; }, d.inputs, d.targets, batch);
    BOOST_TEST(is_near(result.loss, static_cast<double>(loss), 1e-12));
    BOOST_TEST(health.log().layers().size() == outputs.size());
    for (const auto& [path, of_layer] : outputs) {
      gradients[path] = of_layer;
      for (std::size_t s = 0; s < of_layer.size(); ++s)
        for (std::size_t k = 0; k < of_layer[s].size(); ++k) {
          const auto loss_at = [&](number change) {
            return loss_of(
                plain,
                [&](const std::string& at, table& x) {
                  if (at == path) x[s][k] += change;
                },
                d.inputs, d.targets, batch);
          };
          gradients[path][s][k] = (loss_at(1e-6L) - loss_at(-1e-6L)) / 2e-6L;
        }
      const std::size_t layer = layer_at(health.log(), path);
      const expected_measures expected = measures_of(of_layer, gradients[path], path == "2.body.1");
      const auto found = [&](measure what) { return health.log().series(what, layer).at(0); };
      const bool is_activation = path == "1" || path == "2.body.1";
      BOOST_TEST(health.log().layers()[layer].is_activation == is_activation);
      BOOST_TEST(is_near(found(measure::mean), expected.mean), path);
      BOOST_TEST(is_near(found(measure::variance), expected.variance), path);
      BOOST_TEST(is_near(found(measure::zero_share), expected.zero_share), path);
      BOOST_TEST(is_near(found(measure::gradient), expected.gradient, 1e-8),
                 path << ": " << found(measure::gradient) << ", expected " << expected.gradient);
      if (is_activation)
        BOOST_TEST(is_near(found(measure::saturated_share), expected.saturated_share),
                   path << ": " << found(measure::saturated_share) << ", expected " << expected.saturated_share);
      if (batch == 60 && path == "1") BOOST_TEST((expected.zero_share > 0.2 && expected.zero_share < 0.8));
      if (batch == 60 && path == "2.body.1")
        BOOST_TEST((expected.saturated_share > 0.05 && expected.saturated_share < 0.95));
    }
  }
}

BOOST_AUTO_TEST_CASE(observed_training_ends_with_the_same_weights) {
  check_same_weights(model);
  check_same_weights(products_model);
  check_same_weights(coupled_model);
}

BOOST_AUTO_TEST_CASE(the_update_is_what_really_changed) {
  const data d;
  auto trainer = saturated_trainer({.clip_norm = 0.01});
  fg::gradients<std::remove_cv_t<decltype(model)>, std::remove_cv_t<decltype(fg::mean_squared_error)>, double>
      gradients(model, fg::mean_squared_error, 30);
  fi::health health{trainer};
  for (std::size_t step = 0; step < 3; ++step) {
    const auto before = trainer.read("0.weight");
    gradients.compute(trainer.parameters(), d.view(), first(30));
    trainer.step(d.view(), first(30), 1, health);
    auto change = trainer.read("0.weight");
    for (std::size_t i = 0; i < change.size(); ++i) change[i] -= before[i];
    const auto found = [&](measure what) { return health.log().series(what, layer_at(health.log(), "0")).at(step); };
    BOOST_TEST(is_near(found(measure::weight), norm_of(before), 1e-12));
    BOOST_TEST(is_near(found(measure::update_ratio), norm_of(change) / norm_of(before), 1e-9));
    BOOST_TEST(is_near(found(measure::weight_gradient), norm_of(gradients.read("0.weight")), 1e-12)); // before clipping
  }
}

BOOST_AUTO_TEST_CASE(every_third_step) {
  const data d;
  auto trainer = trainer_of(model);
  fi::health health{trainer, {.every = 3}};
  for (int i = 0; i < 8; ++i) trainer.step(d.view(), first(20), 1, health);
  const std::vector<std::size_t> steps(health.log().steps().begin(), health.log().steps().end());
  BOOST_TEST(steps == (std::vector<std::size_t>{1, 4, 7}));
  BOOST_CHECK_THROW((fi::health{trainer, {.every = 0}}), std::invalid_argument);
}

// As a member of a class is written, whose model and loss are constants.
BOOST_AUTO_TEST_CASE(a_trainer_whose_type_is_written_down) {
  const data d;
  fg::trainer<decltype(model), decltype(fg::mean_squared_error), fg::sgd, double> trainer{model, fg::mean_squared_error,
                                                                                          fg::sgd{}};
  fi::health health{trainer, {.every = 2}}, each{trainer};
  const fg::history course =
      trainer.fit(d.view(), {.epochs = 2, .batch_size = 20, .progress = fg::progress_style::silent}, health);
  BOOST_TEST(course.records.size() == 2u);
  BOOST_TEST(health.log().steps().size() == 3u);
  BOOST_TEST(each.log().steps().size() == 0u);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_not_finite_is_named_and_the_step_not_taken) {
  data d;
  auto trainer = trainer_of(model);
  fi::health health{trainer};
  trainer.step(d.view(), first(sample_count), 1, health);
  BOOST_TEST(health.log().first_not_finite().step == 0u);
  BOOST_TEST(health.reason_to_stop().empty());
  const auto before = numbers_of(trainer);
  d.inputs[17 * 4 + 2] = std::numeric_limits<double>::quiet_NaN();
  const auto history =
      trainer.fit(d.view(), {.epochs = 5, .batch_size = 60, .progress = fg::progress_style::silent}, health);
  const fi::not_finite where = health.log().first_not_finite();
  BOOST_TEST((where.pass == fi::pass::forward));
  BOOST_TEST(where.layer == layer_at(health.log(), "0"));
  BOOST_TEST(where.step == 2u);
  BOOST_TEST(where.sample == 17u);
  BOOST_TEST(numbers_of(trainer) == before);
  BOOST_TEST(history.records.size() == 1u);
  BOOST_TEST(history.stopped_early);
  BOOST_TEST(history.stop_reason == health.log().findings().front().what);
  for (const char* word : {"layer 0", "step 2", "sample 17, whose input 2 is NaN."})
    BOOST_TEST((history.stop_reason.find(word) != std::string::npos), history.stop_reason);
}

BOOST_AUTO_TEST_CASE(what_goes_wrong_on_the_way_back_is_told_so) {
  data d;
  auto trainer = trainer_of(model, {.max_norm = 0.1}), untouched = trainer_of(model, {.max_norm = 0.1});
  fi::health health{trainer};
  d.targets[5 * 2 + 1] = std::numeric_limits<double>::infinity();
  const auto before = numbers_of(trainer);
  trainer.step(d.view(), first(20), 1, health);
  const fi::not_finite where = health.log().first_not_finite();
  BOOST_TEST((where.pass == fi::pass::backward));
  BOOST_TEST(where.layer == layer_at(health.log(), "3"));
  BOOST_TEST(where.sample == 5u);
  BOOST_TEST(numbers_of(trainer) == before); // max_norm included
  BOOST_TEST(!health.took_step());
  // Nor has the update rule counted the step.
  const data sound;
  trainer.step(sound.view(), first(20)), untouched.step(sound.view(), first(20));
  BOOST_TEST(numbers_of(trainer) == numbers_of(untouched));
}

BOOST_AUTO_TEST_CASE(an_update_that_overflows_is_the_last) {
  const data d;
  auto trainer = trainer_of(model);
  trainer.rule().learning_rate = 1e200;
  fi::health health{trainer};
  const auto history =
      trainer.fit(d.view(), {.epochs = 3, .batch_size = 20, .progress = fg::progress_style::silent}, health);
  BOOST_TEST(health.log().steps_taken() == 1u);
  BOOST_TEST(health.took_step());
  BOOST_TEST((health.log().first_not_finite().pass == fi::pass::update));
  BOOST_TEST((history.stop_reason.find("too large to be squared") != std::string::npos), history.stop_reason);
}

BOOST_AUTO_TEST_CASE(samples_that_depend_on_each_other_are_not_blamed_one_by_one) {
  data d;
  auto trainer = trainer_of(coupled_model);
  fi::health health{trainer};
  const auto before = numbers_of(trainer);
  d.targets[17 * 2 + 1] = std::numeric_limits<double>::infinity();
  trainer.step(d.view(), first(40), 1, health);
  BOOST_TEST(health.log().first_not_finite().step == 1u);
  BOOST_TEST(health.log().first_not_finite().sample == fi::unknown);
  BOOST_TEST(numbers_of(trainer) == before); // running statistics included
  BOOST_CHECK_THROW(trainer.step(d.view(), first(1), 1, health), std::invalid_argument);

  // An input that is not finite needs no trial, and has a name where the samples, or the struct that the model takes,
  // give it one.
  fi::health second{trainer};
  d.inputs[17 * 4 + 2] = -std::numeric_limits<double>::infinity();
  const auto named = fg::data::dataset<double>::from_targets(d.inputs, 4, d.targets, 2)
                         .with_feature_names({"pt", "phi", "eta", "charge"});
  trainer.step(named, first(40), 1, second);
  BOOST_TEST(second.log().first_not_finite().layer == layer_at(second.log(), "0"));
  BOOST_TEST(second.log().first_not_finite().sample == 17u);
  BOOST_TEST((second.reason_to_stop().find("for sample 17, whose input eta is minus infinite.") != std::string::npos),
             second.reason_to_stop());
}

BOOST_AUTO_TEST_SUITE_END()
