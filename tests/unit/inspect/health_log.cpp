// SPDX-License-Identifier: MIT
#include <fusegrad/inspect/health_log.hpp>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

namespace fi = fusegrad::inspect;
using fi::illness;

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// A run of `blocks` times `dense | activation` and a last `dense`, whose numbers a test sets as it likes.
struct made_up_run {
  struct numbers {
    double mean = 0, deviation = 1, gradient = 1, zero_share = 0, blocked_share = 0;
    std::vector<std::size_t> dead; // units that are zero for every sample
    bool is_equal = false;
  };

  explicit made_up_run(std::size_t blocks, std::string activation = "tanh", std::size_t units = 4,
                       std::size_t most_steps = 512)
      : numbers_of(2 * blocks + 1), norms(blocks + 1, {1.0, 10.0, 0.01}),
        log{layers(blocks, activation, units), parameters(blocks, units), most_steps} {}

  static std::vector<fi::observed_layer> layers(std::size_t blocks, const std::string& activation, std::size_t units) {
    std::vector<fi::observed_layer> out;
    for (std::size_t b = 0; b < blocks; ++b) {
      out.push_back({std::to_string(2 * b), "dense", units, false});
      out.push_back({std::to_string(2 * b + 1), activation, units, true});
    }
    out.push_back({std::to_string(2 * blocks), "dense", 3, false});
    return out;
  }
  static std::vector<fi::observed_parameter> parameters(std::size_t blocks, std::size_t units) {
    std::vector<fi::observed_parameter> out;
    for (std::size_t b = 0; b <= blocks; ++b)
      out.push_back({std::to_string(2 * b) + ".weight", units * units, 2 * b, true});
    return out;
  }

  void step(double loss = 1) {
    const auto samples = static_cast<double>(sample_count);
    std::vector<std::vector<double>> memory;
    memory.reserve(5 * numbers_of.size());
    const auto keep = [&](std::vector<double> values) -> std::span<const double> {
      return memory.emplace_back(std::move(values));
    };
    std::vector<fi::unit_sums> sums;
    for (std::size_t i = 0; i < numbers_of.size(); ++i) {
      const numbers& n = numbers_of[i];
      const std::size_t units = log.layers()[i].units;
      std::vector<double> sum, squares, zeros(units, n.zero_share * samples), gradients,
          blocked(units, n.blocked_share * samples);
      for (std::size_t u = 0; u < units; ++u) {
        const double mean = n.mean + (n.is_equal ? 0 : n.deviation * static_cast<double>(u) / 8);
        sum.push_back(samples * mean);
        squares.push_back(samples * mean * mean + (samples - 1) * n.deviation * n.deviation);
        gradients.push_back(n.gradient * n.gradient * samples / static_cast<double>(units));
      }
      for (const std::size_t u : n.dead) sum[u] = squares[u] = 0, zeros[u] = samples;
      const bool is_activation = log.layers()[i].is_activation;
      sums.push_back({keep(sum), keep(squares), keep(zeros), keep(gradients),
                      is_activation ? keep(blocked) : std::span<const double>{}});
    }
    log.add({++taken, sample_count, loss, sums, norms});
  }
  void steps(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) step();
  }

  /// The only finding, which has to be of this kind.
  fi::finding only(illness expected) {
    const std::vector<fi::finding> found = log.findings();
    BOOST_TEST_REQUIRE(found.size() == 1u, log.to_string());
    BOOST_TEST((found[0].illness == expected), found[0].what);
    return found[0];
  }

  std::vector<numbers> numbers_of;
  std::vector<fi::parameter_norms> norms;
  fi::health_log log;
  std::size_t sample_count = 8;
  std::size_t taken = 0;
};

BOOST_AUTO_TEST_SUITE(inspect_health_log)

BOOST_AUTO_TEST_CASE(a_healthy_run_is_not_complained_of) {
  made_up_run run{3};
  for (int i = 0; i < 100; ++i) run.step(2.3 / (1 + i));
  run.log.end_epoch(1);
  BOOST_TEST(run.log.findings().empty(), run.log.to_string());
  BOOST_TEST(has(run.log.to_string(), "100 steps, loss 2.3 at first, 0.023 at last\nnothing to complain of\n"));
}

BOOST_AUTO_TEST_CASE(a_gradient_that_vanishes_over_many_layers_is_one_finding) {
  made_up_run run{20, "sigmoid"};
  for (std::size_t i = 0; i < 20; ++i) run.numbers_of[2 * i].gradient = std::pow(0.25, 20 - static_cast<double>(i));
  run.steps(20);
  const fi::finding f = run.only(illness::vanishing_gradient);
  BOOST_TEST(f.what == "layers 0 to 30 (16 times dense 4 | sigmoid): the gradient vanishes; its norm at layer 0 is "
                       "9.1e-13 of the last layer's, each layer "
                       "passes on about 25 %.");
  BOOST_TEST(f.first_layer == 0u);
  BOOST_TEST(f.last_layer == 31u);
  BOOST_TEST_REQUIRE(f.remedies.size() == 3u);
  BOOST_TEST(f.remedies[0] == "a normalisation over the batch: fg::dense<4> | fg::batch_norm | fg::sigmoid");
  BOOST_TEST(f.remedies[1] == "a way past the layers: fg::residual(fg::dense<4> | fg::batch_norm | fg::sigmoid)");
  BOOST_TEST(has(f.remedies[2], "fg::dense<4> | fg::relu, by default started with fg::init::variance_preserving()"));
  BOOST_TEST(f.to_string() ==
             f.what + "\n  try " + f.remedies[0] + "\n  try " + f.remedies[1] + "\n  try " + f.remedies[2] + '\n');
}

BOOST_AUTO_TEST_CASE(what_fades_on_the_way_forward_is_told_with_the_gradient) {
  made_up_run run{6, "sigmoid"};
  for (std::size_t i = 0; i < 6; ++i) {
    run.numbers_of[2 * i].gradient = std::pow(0.05, 6 - static_cast<double>(i));
    run.numbers_of[2 * i].deviation = std::pow(0.05, static_cast<double>(i));
  }
  run.numbers_of[12].mean = 1;
  run.numbers_of[12].deviation = 5e-4; // beside its mean no signal, but the units differ
  run.steps(1);
  const fi::finding f = run.only(illness::vanishing_gradient);
  BOOST_TEST(has(f.what, "Forward, the signal fades, too: from layer 12 on outputs agree for all samples, to a "
                         "thousandth of their size."));

  for (std::size_t i = 0; i < 6; ++i) run.numbers_of[2 * i].gradient = 1;
  run.steps(60);
  BOOST_TEST(run.only(illness::fading_signal).what ==
             "layers 6 to 12 (dense 4 | sigmoid ... dense 3): the signal is lost; from layer 12 on outputs agree for "
             "all samples, to a thousandth of their size.");
  run.numbers_of[12].deviation = 1e-8;
  run.numbers_of[12].mean = 0;
  run.steps(300);
  BOOST_TEST(
      has(run.only(illness::fading_signal).what,
          "the signal fades; over the samples the output at layer 12 varies by 1e-8 of what the first layer's does."));
}

BOOST_AUTO_TEST_CASE(a_layer_alone_is_named_alone) {
  made_up_run run{2};
  run.numbers_of[2].gradient = 2.1e-9;
  run.steps(3);
  const fi::finding f = run.only(illness::vanishing_gradient);
  BOOST_TEST(f.what == "layer 2 (dense 4 | tanh): the gradient vanishes; its norm is 2.1e-9 of the last layer's.");
  BOOST_TEST(!has(f.to_string(), "residual")); // one layer is no way to go past
}

BOOST_AUTO_TEST_CASE(a_gradient_that_does_not_arrive_at_all) {
  made_up_run run{2, "relu"};
  run.numbers_of[0].gradient = run.numbers_of[2].gradient = 0;
  run.steps(3);
  const fi::finding f = run.only(illness::vanishing_gradient);
  BOOST_TEST(has(f.what, "the gradient vanishes; too little to be measured arrives at layer 0."));
  BOOST_TEST_REQUIRE(!f.remedies.empty()); // relu does not flatten: its weights are at fault
  BOOST_TEST(
      f.remedies[0] ==
      "initial weights that keep the variance: fg::dense<4> as it starts by default (fg::init::variance_preserving())");
}

BOOST_AUTO_TEST_CASE(an_exploding_gradient) {
  made_up_run run{6, "relu"};
  for (std::size_t i = 0; i < 6; ++i) run.numbers_of[2 * i].gradient = std::pow(10.0, 6 - static_cast<double>(i));
  run.steps(3);
  const fi::finding f = run.only(illness::exploding_gradient);
  BOOST_TEST(f.what == "layers 0 to 4 (3 times dense 4 | relu): the gradient explodes; its norm at layer 0 is 1e6 "
                       "times the last layer's.");
  BOOST_TEST(has(f.to_string(), "fg::training_options<float>{.clip_norm = 1.0}"));
  BOOST_TEST(!has(f.to_string(), "batch_norm"));
}

BOOST_AUTO_TEST_CASE(a_gradient_that_jumps_in_one_step) {
  made_up_run run{2};
  run.steps(40);
  for (fi::parameter_norms& n : run.norms) n.gradient = 1000;
  run.step();
  for (fi::parameter_norms& n : run.norms) n.gradient = 1;
  run.steps(40);
  const fi::finding f = run.only(illness::exploding_gradient);
  BOOST_TEST(f.what == "the gradient jumped in step 41 to a norm of 1732, 1000 times what was usual before.");
  BOOST_TEST(f.first_layer == fi::unknown);
  BOOST_TEST(has(f.to_string(), ".clip_norm = 2}"));
  BOOST_TEST(run.log.largest_jump().step == 41u);
}

BOOST_AUTO_TEST_CASE(a_jump_at_a_low_level_is_harmless) {
  made_up_run run{2};
  run.steps(40);
  for (fi::parameter_norms& n : run.norms) n.gradient = 1e-5;
  run.steps(400);
  for (fi::parameter_norms& n : run.norms) n.gradient = 0.5; // below that of the first steps
  run.step();
  BOOST_TEST(run.log.findings().empty(), run.log.to_string());
}

BOOST_AUTO_TEST_CASE(a_gradient_that_grows_slowly) {
  made_up_run run{2};
  for (int i = 0; i < 200; ++i) {
    for (fi::parameter_norms& n : run.norms) n.gradient *= 1.05;
    run.step();
  }
  const fi::finding f = run.only(illness::exploding_gradient);
  BOOST_TEST(
      has(f.what, "the gradient grows: its norm was 6.2 in the first quarter of the run and is 9287 in the last."),
      f.what);
}

BOOST_AUTO_TEST_CASE(units_die_and_come_back) {
  made_up_run run{2, "relu"};
  const auto epoch = [&](std::size_t number, std::vector<std::size_t> dead) {
    run.numbers_of[1].dead = std::move(dead);
    run.steps(3);
    run.log.end_epoch(number);
  };
  epoch(1, {});
  BOOST_TEST(run.log.dead_count(1) == 0u);
  epoch(2, {0, 1});
  epoch(3, {0});
  epoch(4, {0, 1, 2});
  BOOST_TEST(run.log.dead_count(1) == 3u);
  BOOST_TEST(run.log.dead_count(3) == 0u);
  const std::vector<fi::dead_unit> deaths(run.log.dead_units().begin(), run.log.dead_units().end());
  BOOST_TEST_REQUIRE(deaths.size() == 3u);
  BOOST_TEST((deaths[0].unit == 0 && deaths[0].since == 2 && deaths[0].until == 0 && deaths[0].deaths == 1));
  BOOST_TEST((deaths[1].unit == 1 && deaths[1].since == 4 && deaths[1].until == 0 && deaths[1].deaths == 2));
  BOOST_TEST((deaths[2].unit == 2 && deaths[2].since == 4 && deaths[2].layer == 1));

  const fi::finding f = run.only(illness::dead_units);
  BOOST_TEST(f.what ==
             "layer 0 (dense 4 | relu): 3 of 4 units are dead, zero for every sample, the first since epoch 2.");
  BOOST_TEST(has(f.to_string(), "in place of fg::relu: fg::leaky_relu<0.01>, fg::elu<1.0> or fg::prelu"));
  BOOST_TEST(has(f.to_string(), "fg::surrogate(fg::relu, fg::leaky_relu<0.1>)"));

  epoch(5, {0, 1});
  BOOST_TEST(has(run.only(illness::dead_units).what,
                 "2 of 4 units are dead, zero for every sample, the first since epoch 2; 1 came back."));
  epoch(6, {});
  BOOST_TEST(run.log.findings().empty(), run.log.to_string());
  BOOST_TEST(run.log.dead_units()[0].until == 6u);
}

BOOST_AUTO_TEST_CASE(a_unit_that_is_zero_for_some_samples_lives) {
  made_up_run run{1, "relu"};
  run.numbers_of[1].dead = {0, 1, 2, 3};
  run.steps(3);
  run.numbers_of[1].dead = {};
  run.numbers_of[1].zero_share = 0.9;
  run.step();
  run.log.end_epoch(1);
  run.log.end_epoch(2); // has no steps
  BOOST_TEST(run.log.dead_units().empty());
}

BOOST_AUTO_TEST_CASE(a_layer_that_is_dead_as_a_whole_says_nothing_about_gradients) {
  made_up_run run{3, "relu"};
  run.numbers_of[3].dead = {0, 1, 2, 3};
  run.numbers_of[0].gradient = run.numbers_of[2].gradient = 0;
  run.steps(3);
  run.log.end_epoch(1);
  BOOST_TEST(
      has(run.only(illness::dead_units).what,
          "4 of 4 units are dead, zero for every sample, the first since epoch 1; nothing passes layer 2 any more."));
}

BOOST_AUTO_TEST_CASE(saturated_units) {
  made_up_run run{3, "sigmoid"};
  run.numbers_of[3].blocked_share = 0.75;
  run.steps(3);
  const fi::finding f = run.only(illness::saturated_units);
  BOOST_TEST(
      f.what ==
      "layer 2 (dense 4 | sigmoid): 75 % of the outputs are saturated: they pass on less than 0.5 % of the gradient.");
  BOOST_TEST(has(f.to_string(), "fg::dense<4> | fg::batch_norm | fg::sigmoid"));
  BOOST_TEST(!has(f.to_string(), "fit_standardisation"));

  run.numbers_of[3].blocked_share = 0;
  run.numbers_of[1].blocked_share = 0.75;
  run.steps(20);
  BOOST_TEST(
      has(run.only(illness::saturated_units).to_string(), "fg::data::fit_standardisation(samples).apply(samples)"));
}

BOOST_AUTO_TEST_CASE(zeros_of_relu_are_not_saturated) {
  made_up_run run{2, "relu"};
  run.numbers_of[1].zero_share = run.numbers_of[1].blocked_share = 0.8;
  run.steps(3);
  BOOST_TEST(run.log.findings().empty(), run.log.to_string());
  BOOST_TEST(run.log.series(fi::measure::zero_share, 1).back() == 0.8);
  BOOST_TEST(run.log.series(fi::measure::saturated_share, 1).back() == 0.0);
}

BOOST_AUTO_TEST_CASE(units_that_are_all_alike) {
  made_up_run run{2, "relu"};
  for (auto& n : run.numbers_of) n.mean = n.deviation = n.gradient = 0;
  run.numbers_of[1].dead = run.numbers_of[3].dead = {0, 1, 2, 3};
  run.steps(5);
  run.log.end_epoch(1);
  const fi::finding f = run.only(illness::equal_units); // not dead units, nor a vanishing gradient: these follow
  BOOST_TEST(f.what == "layers 0 to 4 (dense 4 | relu ... dense 3): all units of a layer have put out the same for 5 "
                       "steps; they get the same gradient and stay "
                       "alike.");
  BOOST_TEST(
      has(f.to_string(),
          "initial weights drawn at random: fg::dense<4> as it starts by default (fg::init::variance_preserving())"));
}

BOOST_AUTO_TEST_CASE(a_last_layer_that_starts_at_zero_is_forgiven) {
  made_up_run run{2};
  run.numbers_of[4] = {0, 0, 1, 0, 0, {}, true};
  run.step();
  run.numbers_of[4] = {};
  run.steps(3);
  BOOST_TEST(run.log.equal_steps(4) == 0u);
  BOOST_TEST(run.log.findings().empty(), run.log.to_string());
}

BOOST_AUTO_TEST_CASE(sizes_of_updates) {
  made_up_run run{2};
  run.norms[0].update = 2; // of a weight's norm of 10
  run.norms[1].update = 1e-6;
  run.steps(8);
  const std::vector<fi::finding> found = run.log.findings();
  BOOST_TEST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[0].what == "layer 0 (dense 4 | tanh): updates are large; a step changes the weights by 0.2 of their "
                              "norm (Karpathy's rule of thumb: about 0.001).");
  BOOST_TEST(found[0].remedies[0] == "a learning rate about 200 times smaller");
  BOOST_TEST(has(found[1].what,
                 "layer 2 (dense 4 | tanh): updates are small; a step changes the weights by 1e-7 of their norm"));
  BOOST_TEST(found[1].remedies[0] == "a learning rate about 1e4 times larger");
}

BOOST_AUTO_TEST_CASE(updates_beyond_the_weights_explain_what_follows) {
  made_up_run run{3};
  run.norms[1].update = 20;
  run.step();
  run.numbers_of[0].gradient = 1e-6;
  run.numbers_of[4].deviation = 1e6;
  run.numbers_of[3].blocked_share = 1;
  run.steps(8);
  BOOST_TEST(has(run.only(illness::large_updates).what, "by 2 times their norm"));
}

BOOST_AUTO_TEST_CASE(what_was_wrong_before_such_updates_comes_first) {
  made_up_run run{3};
  run.norms[1].update = 20;
  run.numbers_of[0].gradient = 1e6;
  run.numbers_of[4].deviation = 1e6;
  run.step();
  run.numbers_of[0].gradient = 1;
  run.steps(8);
  const std::vector<fi::finding> found = run.log.findings();
  BOOST_TEST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[0].what == "layer 0 (dense 4 | tanh): the gradient explodes; its norm is 1e6 times the last "
                              "layer's. Forward, the signal grows, too: layer 4 varies "
                              "over the samples by 1e6 times what the first does.");
  BOOST_TEST((found[1].illness == illness::large_updates));
}

BOOST_AUTO_TEST_CASE(a_run_that_has_settled_may_rest) {
  made_up_run run{2};
  run.steps(60);
  for (fi::parameter_norms& n : run.norms) n = {1e-9, 10, 1e-9};
  run.steps(140);
  BOOST_TEST(run.log.findings().empty(), run.log.to_string());
}

BOOST_AUTO_TEST_CASE(means_far_from_zero) {
  made_up_run run{2};
  run.numbers_of[0].mean = 30;
  run.steps(2);
  const fi::finding f = run.only(illness::shifted_mean);
  BOOST_TEST(has(
      f.what, "layer 0 (dense 4 | tanh): units vary little; their mean is 30 times their deviation over the samples."));
  BOOST_TEST(has(f.to_string(), "fit_standardisation"));

  made_up_run constant{2};
  constant.numbers_of[0].mean = 30;
  constant.numbers_of[0].deviation = 0.01; // of which sums in float keep nothing
  constant.steps(2);
  const fi::finding equal = constant.only(illness::shifted_mean);
  BOOST_TEST(
      has(equal.what, "layer 0 (dense 4 | tanh): outputs agree for all samples, to a thousandth of their size."));
  BOOST_TEST(has(equal.to_string(), "a look at the inputs"));

  made_up_run deep{2};
  deep.numbers_of[2].mean = 30;
  deep.numbers_of[4].mean = 300; // the targets may be there
  deep.steps(2);
  BOOST_TEST(has(deep.only(illness::shifted_mean).to_string(), "fg::dense<4> | fg::batch_norm | fg::tanh"));
}

BOOST_AUTO_TEST_CASE(a_signal_that_grows) {
  made_up_run run{3, "relu"};
  run.numbers_of[4].deviation = 2e5;
  run.steps(2);
  BOOST_TEST(run.only(illness::growing_signal).what == "layer 4 (dense 4 | relu): the signal grows; over the samples "
                                                       "the output varies by 2e5 times what the first layer's does.");
}

BOOST_AUTO_TEST_CASE(a_loss_that_rises) {
  made_up_run run{1};
  for (int i = 0; i < 100; ++i) run.step(i < 50 ? 2.3 - 0.04 * i : 0.3 + 0.02 * (i - 50));
  const fi::finding f = run.only(illness::rising_loss);
  BOOST_TEST(has(f.what, "the loss rises: it was 0.42 around step"), f.what);
  BOOST_TEST(has(f.what, "and is 1.2 at the end."), f.what);
}

BOOST_AUTO_TEST_CASE(noise_at_the_bottom_is_not_rising) {
  made_up_run run{1};
  for (int i = 0; i < 100; ++i) run.step(i < 50 ? 2.3 / (1 + i * i) : i < 70 ? 1e-4 : 3e-4);
  BOOST_TEST(run.log.findings().empty(), run.log.to_string());
}

BOOST_AUTO_TEST_CASE(numbers_that_are_none_name_layer_pass_step_and_sample) {
  made_up_run run{2};
  run.steps(6);
  run.numbers_of[3].mean = std::numeric_limits<double>::quiet_NaN();
  run.numbers_of[4].mean = std::numeric_limits<double>::quiet_NaN();
  run.step(std::numeric_limits<double>::quiet_NaN());
  BOOST_TEST(
      run.only(illness::not_finite).what ==
      "layer 2 (dense 4 | tanh): step 7, forward pass: an output of tanh is NaN or infinite, before all others.");
  run.log.add(fi::not_finite{fi::pass::forward, 3, 7, 213});
  const fi::finding f = run.only(illness::not_finite);
  BOOST_TEST(has(f.what, "before all others, for sample 213."));
  BOOST_TEST(f.remedies[0] == "a look at sample 213 of the data: it may differ from the others");
  BOOST_TEST(run.log.steps().size() == 6u); // such a step enters no statistics
  run.step(std::numeric_limits<double>::infinity());
  BOOST_TEST(run.log.first_not_finite().step == 7u);
}

BOOST_AUTO_TEST_CASE(a_gradient_that_is_none) {
  made_up_run run{2};
  run.step();
  run.numbers_of[0].gradient = run.numbers_of[1].gradient = std::numeric_limits<double>::infinity();
  run.step();
  BOOST_TEST(
      run.only(illness::not_finite).what ==
      "layer 0 (dense 4 | tanh): step 2, backward pass: the gradient at tanh is NaN or infinite, before all others.");
}

BOOST_AUTO_TEST_CASE(an_update_that_is_none) {
  made_up_run run{2};
  run.norms[1].update = std::numeric_limits<double>::infinity();
  run.step();
  BOOST_TEST(has(run.only(illness::not_finite).what,
                 "layer 2 (dense 4 | tanh): step 1, update: a weight is NaN, infinite or too large to be squared"));
}

BOOST_AUTO_TEST_CASE(a_loss_that_is_none_is_of_no_layer) {
  made_up_run run{2};
  run.step(std::numeric_limits<double>::infinity());
  const fi::finding f = run.only(illness::not_finite);
  BOOST_TEST(f.what == "step 1, forward pass: the loss is NaN or infinite, before all others.");
  BOOST_TEST(has(f.to_string(), "fg::softmax_cross_entropy, fg::binary_cross_entropy"));
}

BOOST_AUTO_TEST_CASE(measures_are_what_they_are_called) {
  made_up_run run{1, "sigmoid", 2};
  run.numbers_of[0] = {3, 2, 5, 0, 0, {}, false};
  run.norms[0] = {4, 10, 0.02};
  run.step();
  const auto of = [&](fi::measure m) { return run.log.series(m, 0).back(); };
  BOOST_TEST(of(fi::measure::mean) == 3.125, boost::test_tools::tolerance(1e-12)); // of 3 and 3.25
  BOOST_TEST(of(fi::measure::variance) == 0.125 * 0.125 + 4.0 * 7 / 8, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(of(fi::measure::signal) == 2.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(of(fi::measure::shift) == std::sqrt((9 + 3.25 * 3.25) / 2) / 2, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(of(fi::measure::gradient) == 5.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(of(fi::measure::weight_gradient) == 4.0);
  BOOST_TEST(of(fi::measure::weight) == 10.0);
  BOOST_TEST(of(fi::measure::update_ratio) == 0.002, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(std::isnan(of(fi::measure::saturated_share))); // a dense layer has none
  BOOST_TEST(std::isnan(of(fi::measure::dead_share)));
}

BOOST_AUTO_TEST_CASE(one_sample_has_no_deviation) {
  made_up_run run{1};
  run.sample_count = 1;
  run.steps(4);
  BOOST_TEST(std::isnan(run.log.series(fi::measure::signal, 0).back()));
  BOOST_TEST(run.log.findings().empty(), run.log.to_string());
}

BOOST_AUTO_TEST_CASE(sums_taken_in_float_do_not_make_a_signal) {
  made_up_run run{1};
  run.numbers_of[2].mean = 1;
  run.numbers_of[2].deviation = 3e-4; // its square is lost in the last bits of 1
  run.step();
  BOOST_TEST(run.log.series(fi::measure::signal, 2).back() == 0.0);
}

BOOST_AUTO_TEST_CASE(long_runs_are_thinned_out_and_extremes_kept) {
  made_up_run run{1, "tanh", 4, 16};
  for (int i = 1; i <= 1000; ++i) {
    run.numbers_of[0].gradient = i == 778 ? 40 : 1;
    run.step(i);
    BOOST_TEST_REQUIRE(run.log.steps().size() < 16u);
  }
  BOOST_TEST(run.log.steps_taken() == 1000u);
  const auto steps = run.log.steps();
  BOOST_TEST_REQUIRE(steps.size() == 8u); // 1, 129, ...
  for (std::size_t i = 0; i < steps.size(); ++i) {
    BOOST_TEST(steps[i] == 128 * i + 1);
    BOOST_TEST(run.log.losses()[i] == static_cast<double>(steps[i]));
  }
  BOOST_TEST(run.log.series(fi::measure::gradient, 0).size() == 8u);
  BOOST_TEST(run.log.series(fi::measure::gradient, 0).back() == 1.0, boost::test_tools::tolerance(1e-12));
  const fi::extremes& e = run.log.extremes(fi::measure::gradient, 0);
  BOOST_TEST(e.largest == 40.0, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(e.largest_at == 778u);
  BOOST_TEST(e.smallest == 1.0, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(csv) {
  fi::health_log log{{{"0", "dense", 2, false}, {"1", "my, own", 2, true}},
                     {{"0.weight", 6, 0, true}, {"0.bias", 2, 0, false}}};
  const std::vector<double> sum{4, 12}, squares{8, 48}, zeros{0, 0}, gradients{16, 20}, blocked{1, 3};
  const std::vector<fi::unit_sums> layers{{sum, squares, zeros, gradients, {}},
                                          {sum, squares, zeros, gradients, blocked}};
  const std::vector<fi::parameter_norms> parameters{{3, 8, 0.25}, {4, 1, 1}};
  log.add({1, 4, 0.5, layers, parameters});
  log.end_epoch(1);
  log.add({2, 4, 0.25, layers, parameters});
  const std::string head = "step,loss,gradient_norm,layer,name,units,mean,variance,signal,shift,gradient,zero_share,"
                           "saturated_share,dead_share,weight_gradient,"
                           "weight,update_ratio\n";
  const std::string dense = ",0,dense,2,2,3,1.632993161855452,1.3693063937629153,3,0,,,3,8,0.03125\n";
  const std::string own = ",1,\"my, own\",2,2,3,1.632993161855452,1.3693063937629153,3,0,0.5,";
  BOOST_TEST(log.to_csv() ==
             head + "1,0.5,5" + dense + "1,0.5,5" + own + ",,,\n" + "2,0.25,5" + dense + "2,0.25,5" + own + "0,,,\n");

  const auto path = std::filesystem::temp_directory_path() / ("fusegrad_health_" + std::to_string(::getpid()) + ".csv");
  log.save_csv(path);
  std::ifstream file{path, std::ios::binary};
  BOOST_TEST(std::string(std::istreambuf_iterator<char>(file), {}) == log.to_csv());
  std::filesystem::remove(path);
  BOOST_CHECK_THROW(log.save_csv("/nowhere/at/all.csv"), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_in_words) {
  made_up_run run{1};
  const auto says = [](std::string_view words) {
    return [words](const std::invalid_argument& e) { return has(e.what(), words); };
  };
  BOOST_CHECK_EXCEPTION(run.log.add({1, 8, 1.0, {}, run.norms}), std::invalid_argument,
                        says("step 1 brings 0 layers; there are 3."));
  const std::vector<double> two(2), four(4);
  const std::vector<fi::unit_sums> layers{{four, four, four, four, {}}, {four, two, four, four, four}, {}};
  BOOST_CHECK_EXCEPTION(run.log.add({1, 8, 1.0, layers, run.norms}), std::invalid_argument,
                        says("2 squares of outputs of layer 1; there are 4."));
  BOOST_CHECK_EXCEPTION(run.log.add({3, 0, 1.0, layers, run.norms}), std::invalid_argument,
                        says("step 3 has no samples."));
  BOOST_CHECK_EXCEPTION((fi::health_log{{}, {}, 2}), std::invalid_argument, says("at least 16 steps, not 2"));
  BOOST_CHECK_EXCEPTION((fi::health_log{{}, {{"0.weight", 1, 0, true}}}), std::invalid_argument,
                        says("parameter 0.weight belongs to layer 0 of 0"));
  BOOST_TEST(run.log.steps_taken() == 0u);
  BOOST_TEST(run.log.to_string() == "0 steps\nnothing was observed\n");
}

BOOST_AUTO_TEST_CASE(a_table_of_a_deep_net_leaves_its_middle_out) {
  made_up_run run{25};
  run.steps(2);
  const std::string text = run.log.to_string();
  BOOST_TEST(has(text, "\n...  19 more\n"));
  BOOST_TEST(has(text, "\n50   dense 3 "));
}

/// A net of `depth` layers of 8 units in plain loops: what a real step hands over.
void run_plain_net(fi::health_log& log, std::size_t depth, bool is_sigmoid) {
  constexpr std::size_t units = 8, samples = 16;
  unsigned state = 1;
  const auto uniform = [&] {
    return static_cast<double>((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24) - 0.5;
  };
  std::vector<std::vector<double>> weights(depth, std::vector<double>(units * units));
  const double scale = std::sqrt(12.0 / units) * (is_sigmoid ? 1.85 : 1.2);
  for (auto& w : weights)
    for (double& x : w) x = scale * uniform();
  const std::size_t values = 2 * depth; // outputs of dense and of its activation; the loss is the sum of the last
  std::vector<std::vector<double>> sums(values * 5, std::vector<double>(units));
  for (std::size_t s = 0; s < samples; ++s) {
    std::vector<std::vector<double>> z(depth, std::vector<double>(units)), y(depth + 1, std::vector<double>(units));
    for (double& x : y[0]) x = 3 * uniform();
    for (std::size_t l = 0; l < depth; ++l)
      for (std::size_t u = 0; u < units; ++u) {
        for (std::size_t i = 0; i < units; ++i) z[l][u] += weights[l][u * units + i] * y[l][i];
        y[l + 1][u] = is_sigmoid ? 1 / (1 + std::exp(-z[l][u])) : std::tanh(z[l][u]);
      }
    std::vector<double> behind(units, 1.0);
    for (std::size_t l = depth; l-- > 0;) {
      std::vector<double> before(units, 0.0);
      for (std::size_t u = 0; u < units; ++u) {
        const double out = y[l + 1][u], slope = is_sigmoid ? out * (1 - out) : 1 - out * out, delta = behind[u] * slope;
        for (std::size_t k = 0; k < 2; ++k) {
          const double value = k == 0 ? z[l][u] : out, gradient = k == 0 ? delta : behind[u];
          auto* row = &sums[(2 * l + k) * 5];
          row[0][u] += value;
          row[1][u] += value * value;
          row[2][u] += value == 0;
          row[3][u] += gradient * gradient;
          row[4][u] += slope < fi::blocking_slope;
        }
        for (std::size_t i = 0; i < units; ++i) before[i] += weights[l][u * units + i] * delta;
      }
      behind = before;
    }
  }
  std::vector<fi::unit_sums> layers;
  for (std::size_t v = 0; v < values; ++v) {
    const auto* row = &sums[v * 5];
    layers.push_back(
        {row[0], row[1], row[2], row[3], v % 2 == 1 ? std::span<const double>(row[4]) : std::span<const double>{}});
  }
  const std::vector<fi::parameter_norms> norms(depth, {1, 10, 0.01});
  log.add({1, samples, 1.0, layers, norms});
}

fi::health_log plain_net(std::size_t depth, const char* activation) {
  std::vector<fi::observed_layer> layers;
  std::vector<fi::observed_parameter> parameters;
  for (std::size_t l = 0; l < depth; ++l) {
    layers.push_back({std::to_string(2 * l), "dense", 8, false});
    layers.push_back({std::to_string(2 * l + 1), activation, 8, true});
    parameters.push_back({std::to_string(2 * l) + ".weight", 64, 2 * l, true});
  }
  fi::health_log log{layers, parameters};
  run_plain_net(log, depth, std::string_view{activation} == "sigmoid");
  return log;
}

BOOST_AUTO_TEST_CASE(a_real_net_of_thirty_sigmoids_is_ill_and_one_of_three_tanhs_is_not) {
  const auto found = plain_net(30, "sigmoid").findings();
  BOOST_TEST_REQUIRE(found.size() == 1u);
  BOOST_TEST((found[0].illness == illness::vanishing_gradient));
  BOOST_TEST(has(found[0].what, "times dense 8 | sigmoid): the gradient vanishes; its norm at layer 0 is "),
             found[0].what);
  BOOST_TEST(has(found[0].what, "Forward, the signal fades, too"), found[0].what);

  const fi::health_log healthy = plain_net(3, "tanh");
  BOOST_TEST(healthy.findings().empty(), healthy.to_string());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
