// SPDX-License-Identifier: MIT
#include "advice.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace fusegrad::inspect::detail {

namespace {

bool is_among(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Flat on both sides, so that a stack of them passes ever less gradient.
bool saturates(std::string_view name) {
  return is_among(name, {"sigmoid", "hard_sigmoid", "tanh", "hard_tanh", "softsign", "gaussian"});
}

/// In deeper nets of activations that do not flatten, batch_norm makes gradients grow towards the input (Yang et al.
/// 2019: by 1.2 for each layer of relu; measured over fifty layers: a factor of 3e4, and nothing is learned).
constexpr std::size_t deepest_normalised = 15;

std::string head_code(const health_log& log, const station& place) { return code_of(log.layers()[place.head]); }

std::string activation_code(const health_log& log, const station& place) {
  return place.activation == unknown ? std::string{} : code_of(log.layers()[place.activation]);
}

/// "fg::dense<32> | fg::batch_norm | fg::sigmoid".
std::string normalised(const health_log& log, const station& place) {
  const std::string activation = activation_code(log, place);
  return head_code(log, place) + " | fg::batch_norm" + (activation.empty() ? "" : " | " + activation);
}

std::string residual(const health_log& log, const station& place) {
  const std::string activation = activation_code(log, place);
  return "fg::residual(" + head_code(log, place) + " | fg::batch_norm" +
         (activation.empty() ? "" : " | " + activation) + ')';
}

/// The initial weights that suit the activation, as code. It is the default of dense.
std::string fitted_start(const health_log& log, const station& place) {
  return head_code(log, place) + " as it starts by default (fg::init::variance_preserving())";
}

} // namespace

// Fifty layers of sigmoid on ten classes of 64 numbers: the gradient at the first layer is 1e-21 of the last one's;
// with batch_norm 2.0, in residual blocks 0.4, with relu 0.3, and all three learn. layer_norm and rms_norm do not help
// (1e-21): they look at one sample, and what is lost is the difference between samples.
remedies against_vanishing(const health_log& log, const station& place, bool keeps_width, std::size_t depth) {
  remedies out;
  const bool is_flat = place.activation != unknown && saturates(log.layers()[place.activation].name);
  if (!is_flat) out.push_back("initial weights that keep the variance: " + fitted_start(log, place));
  if (!place.has_normalisation && (is_flat || depth <= deepest_normalised))
    out.push_back("a normalisation over the batch: " + normalised(log, place));
  if (keeps_width && !place.is_in_residual) out.push_back("a way past the layers: " + residual(log, place));
  if (is_flat)
    out.push_back("an activation that does not flatten, with the weights that suit it: " + head_code(log, place) +
                  " | fg::relu, by default started with fg::init::variance_preserving()");
  return out;
}

// Not batch_norm, which may itself be the cause.
remedies against_exploding(const health_log& log, const station& place) {
  return {"initial weights that keep the variance: " + fitted_start(log, place),
          "a bound on the gradient: fg::training_options<float>{.clip_norm = 1.0}", "a smaller learning rate"};
}

remedies against_growth(double usual_norm) {
  return {"a bound on the gradient: fg::training_options<float>{.clip_norm = " + rough(usual_norm) +
              "}, which was usual before",
          "a smaller learning rate, or a rise to it: .learning_rate_schedule = fg::schedule::linear_warm_up(100)"};
}

remedies against_death(const health_log& log, const station& place, std::size_t depth) {
  const std::string activation = activation_code(log, place);
  remedies out{"a smaller learning rate, a tenth to begin with",
               "an activation with a slope on both sides in place of " + activation +
                   ": fg::leaky_relu<0.01>, fg::elu<1.0> or fg::prelu"};
  if (activation == "fg::relu")
    out.push_back("the same outputs with a gradient that revives units: fg::surrogate(fg::relu, fg::leaky_relu<0.1>)");
  if (!place.has_normalisation && depth <= deepest_normalised)
    out.push_back("a normalisation over the batch: " + normalised(log, place));
  return out;
}

remedies against_saturation(const health_log& log, const station& place, bool is_first) {
  remedies out;
  if (is_first)
    out.push_back("inputs of mean 0 and deviation 1: samples = fg::data::fit_standardisation(samples).apply(samples)");
  if (!place.has_normalisation) out.push_back("a normalisation over the batch: " + normalised(log, place));
  out.push_back("smaller initial weights: " + fitted_start(log, place));
  out.push_back("a smaller learning rate");
  return out;
}

remedies against_equality(const health_log& log, const station& place) {
  return {"initial weights drawn at random: " + fitted_start(log, place) + "; biases may start at 0"};
}

remedies against_shift(const health_log& log, const station& place, bool is_first) {
  if (is_first)
    return {"inputs of mean 0 and deviation 1: samples = fg::data::fit_standardisation(samples).apply(samples)"};
  return {"a normalisation over the batch: " + normalised(log, place)};
}

remedies against_equal_outputs(const health_log& log, const station& place, bool is_first) {
  if (is_first) return {"a look at the inputs: all samples seem to be equal, or nearly so beside their size"};
  return against_shift(log, place, is_first);
}

remedies against_update_ratio(double ratio) {
  const double usual = 1e-3;
  return ratio > usual ? remedies{"a learning rate about " + rough(ratio / usual) + " times smaller"}
                       : remedies{"a learning rate about " + rough(usual / ratio) + " times larger"};
}

remedies against_rising_loss() {
  return {"a smaller learning rate, a tenth to begin with",
          "a bound on the gradient: fg::training_options<float>{.clip_norm = 1.0}",
          "a learning rate that falls: .learning_rate_schedule = fg::schedule::cosine()"};
}

remedies against_not_finite(const health_log& log, const not_finite& where) {
  remedies out;
  const bool may_be_input = where.pass == pass::forward && where.layer == 0;
  if (where.sample != unknown)
    out.push_back("a look at sample " + std::to_string(where.sample) + " of the data: " +
                  (may_be_input ? "it may hold NaN, infinity or huge numbers" : "it may differ from the others"));
  if (where.pass == pass::forward && where.layer != unknown && log.layers()[where.layer].is_activation)
    out.push_back("a look at " + log.layers()[where.layer].name + ": is it finite for all numbers that reach it?");
  if (may_be_input)
    out.push_back("inputs of mean 0 and deviation 1: samples = fg::data::fit_standardisation(samples).apply(samples)");
  if (where.pass == pass::forward && where.layer == unknown)
    out.push_back("a loss that takes logits and cannot overflow: fg::softmax_cross_entropy, fg::binary_cross_entropy");
  if (log.steps_taken() > 1) {
    out.push_back("a smaller learning rate, a tenth to begin with");
    out.push_back("a bound on the gradient: fg::training_options<float>{.clip_norm = 1.0}");
  } else if (!may_be_input) {
    out.push_back(
        "initial weights that keep the variance, as dense starts by default (fg::init::variance_preserving())");
  }
  return out;
}

} // namespace fusegrad::inspect::detail
