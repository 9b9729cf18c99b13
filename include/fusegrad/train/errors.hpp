// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/diagnostics.hpp>
#include <fusegrad/base/fixed_string.hpp>

// What can be wrong with a loss, a penalty or an update rule, in words; docs/errors.md has an entry for each.
namespace fusegrad {

template <class Got> struct trainer_needs_a_model {
  static_assert(fits<trainer_needs_a_model>, "fusegrad: a trainer takes a model, a loss and an update rule: the first "
                                             "is no model that starts with input<...>.");
};
template <class Got> struct trainer_needs_a_loss {
  static_assert(
      fits<trainer_needs_a_loss>,
      "fusegrad: a trainer takes a model, a loss and an update rule: the second is no loss; make one with loss(f).");
};
template <class Got> struct trainer_needs_an_update_rule {
  static_assert(fits<trainer_needs_an_update_rule>, "fusegrad: a trainer takes a model, a loss and an update rule: the "
                                                    "third is no update rule; make one with update_rule(f).");
};

template <class Samples> struct samples_have_no_weights {
  static_assert(fits<Samples>, "fusegrad: the loss counts each sample by its weight, and the samples have none: give "
                               "with_weights(samples, weights).");
};
template <class Loss> struct loss_ignores_weights_of_samples {
  static_assert(fits<Loss>,
                "fusegrad: the samples have weights, and the loss counts each of them once: give the trainer "
                "weighted_by_sample(loss).");
};
template <class Range> struct view_of_a_temporary {
  static_assert(fits<Range>,
                "fusegrad: a view of numbers that are gone at the end of the line: give them a name first.");
};
template <class Got> struct labels_are_integers_of_32_bits {
  static_assert(fits<Got>, "fusegrad: class labels are std::int32_t numbers from 0.");
};
template <class Inputs, class Targets> struct inputs_and_targets_of_two_types {
  static_assert(fits<Inputs, Targets>, "fusegrad: inputs and targets are of one type of numbers, float or double.");
};
template <class Samples> struct validation_of_another_type {
  static_assert(fits<Samples>, "fusegrad: the validation set is of another type than the samples that are trained on: "
                               "make both in the same way, of the same numbers.");
};
template <class Got> struct validation_is_an_address {
  static_assert(fits<validation_is_an_address>,
                "fusegrad: the validation set is given by its address: {.validation = &samples}.");
};
template <class Got> struct samples_are_named_by_numbers {
  static_assert(fits<samples_are_named_by_numbers>,
                "fusegrad: a step takes the numbers of its samples as std::uint32_t, a std::vector of them or a span.");
};

template <class Function> struct metric_takes_outputs_and_targets {
  static_assert(fits<Function>,
                "fusegrad: a metric is a function of (outputs, targets) or (outputs, targets, weights) that gives a "
                "number: spans of const float or double, class labels a span of const std::int32_t.");
};

template <class Got> struct loss_takes_prediction_and_target {
  static_assert(fits<loss_takes_prediction_and_target>,
                "fusegrad: a loss is a function of two arguments, prediction and target.");
};
template <class Recipe> struct loss_has_no_slope {
  static_assert(
      fits<Recipe>,
      "fusegrad: the derivative of this loss by the prediction is zero everywhere: nothing would be learned.");
};
template <class Recipe> struct loss_has_named_numbers {
  static_assert(
      fits<loss_has_named_numbers>,
      "fusegrad: a loss has no state or setting: write the number, make it a template argument, or a parameter to have "
      "it learned.");
};

namespace train {
// Cures.
struct give_one_loss_for_each_output;
struct use_binary_cross_entropy_or_one_output_for_each_class;
struct insert_flatten_or_a_global_pool_before_the_last_dense;
struct leave_out_the_last_layer;
struct give_one_weight_for_each_output;
} // namespace train

template <class Got, class Needs, class Fix> struct loss_does_not_fit_output {
  static_assert(fits<loss_does_not_fit_output>, "fusegrad: softmax_cross_entropy compares logits of two or more "
                                                "classes; for one output use binary_cross_entropy.");
};
template <class Got, class Fix> struct classes_are_no_vector {
  static_assert(fits<classes_are_no_vector>,
                "fusegrad: softmax_cross_entropy compares one vector of logits a sample; the model ends in an image or "
                "a sequence, with logits at each position (see got and fix).");
};
template <class Layer, class Fix> struct loss_wants_logits {
  static_assert(
      fits<loss_wants_logits>,
      "fusegrad: the loss contains the last layer of the model already: end the model in the layer before it.");
};
template <class Got, class Needs, class Fix> struct class_weights_do_not_match_outputs {
  static_assert(fits<class_weights_do_not_match_outputs>,
                "fusegrad: softmax_cross_entropy needs one class weight for each output.");
};

template <class Got, class Needs, class Fix> struct losses_do_not_match_outputs {
  static_assert(
      fits<losses_do_not_match_outputs>,
      "fusegrad: losses(...) takes one loss for each output of the model, in their order (see got and needs).");
};
template <class Got, class Needs> struct too_many_losses {
  static_assert(fits<too_many_losses>, "fusegrad: a sum has too many losses (see got and needs).");
};
template <class Loss> struct penalty_inside_of_a_sum {
  static_assert(fits<penalty_inside_of_a_sum>,
                "fusegrad: a penalty is on all weights of a model, not on one output: write it behind the sum of all "
                "losses, as in losses(a, b) + l2<1e-4>.");
};
template <class Loss> struct losses_inside_of_a_sum {
  static_assert(fits<losses_inside_of_a_sum>,
                "fusegrad: losses(...) says which loss reads which output, and stands outside of all sums: write "
                "losses(a + b, c).");
};

template <class Got, class Needs> struct equation_does_not_fit_model {
  static_assert(fits<equation_does_not_fit_model>,
                "fusegrad: an equation is a function of the model's outputs and then of its inputs, one argument for "
                "each number (see got and needs).");
};
template <class Recipe> struct equation_reads_no_output {
  static_assert(fits<Recipe>, "fusegrad: this equation reads no output of the model, no derivative of one and no "
                              "parameter: nothing would be learned.");
};
template <class Recipe> struct derivative_by_what_is_no_argument {
  static_assert(fits<derivative_by_what_is_no_argument>,
                "fusegrad: d(f, x) is a derivative by an argument of the equation, of at most the fourth order.");
};
template <class Function, class Widths> struct equation_takes_other_groups {
  static_assert(fits<equation_takes_other_groups>,
                "fusegrad: an equation<50, 1> is called with each output of the network as a number, at most 12 of "
                "them, and then with its inputs in groups of these widths: an array of 50, then a number.");
};
template <class Recipe> struct equation_has_named_numbers {
  static_assert(
      fits<equation_has_named_numbers>,
      "fusegrad: an equation has no state or setting: write the number, make it a template argument, or a parameter to "
      "have it learned.");
};
template <class Coefficient> struct coefficient_starts_at_two_numbers {
  static_assert(fits<coefficient_starts_at_two_numbers>,
                "fusegrad: a parameter of this name starts at two different numbers in the losses of one model.");
};
template <class Loss> struct model_lacks_coefficients {
  static_assert(fits<model_lacks_coefficients>,
                "fusegrad: the loss learns parameters that the model does not have: take with_coefficients(model, "
                "loss) for the model, its weights and gradients.");
};

template <class Got> struct penalty_takes_one_argument {
  static_assert(fits<penalty_takes_one_argument>, "fusegrad: a penalty is a function of one argument.");
};
template <class Recipe> struct penalty_has_named_numbers {
  static_assert(
      fits<penalty_has_named_numbers>,
      "fusegrad: a penalty has no parameter, state or setting: write the number, or make it a template argument.");
};

template <class Got> struct kl_sparsity_target_is_no_mean_activation {
  static_assert(fits<kl_sparsity_target_is_no_mean_activation>,
                "fusegrad: the target of kl_sparsity is a mean activation between 0 and 1.");
};

template <class Got> struct update_rule_takes_weight_and_gradient {
  static_assert(fits<update_rule_takes_weight_and_gradient>,
                "fusegrad: an update rule is a function of two arguments, weight and gradient.");
};
template <class Recipe> struct update_rule_uses_parameter {
  static_assert(fits<update_rule_uses_parameter>, "fusegrad: an update rule has setting<\"name\">(...) and "
                                                  "state<\"name\">(...); parameter<\"name\">(...) is for activations.");
};
template <class Got> struct update_rule_gives_several_weights {
  static_assert(fits<update_rule_gives_several_weights>,
                "fusegrad: an update rule gives back one new weight: return it, or updated(weight, "
                "next<\"name\">(value)) where it has states.");
};
template <class Recipe> struct state_needs_one_new_value {
  static_assert(fits<Recipe>, "fusegrad: each state<\"name\">() of an update rule gets one new value, "
                              "next<\"name\">(value) in updated(...), under the same name.");
};
template <class Recipe> struct update_rule_ignores_gradient {
  static_assert(fits<Recipe>, "fusegrad: nothing that this update rule gives back depends on the gradient.");
};
template <class Recipe> struct update_rule_ignores_weight {
  static_assert(fits<Recipe>, "fusegrad: an update rule gives back the new weight, not the step: w - 0.1 * g; this one "
                              "depends on neither the weight nor a state.");
};
template <class Got, class Needs> struct update_rule_has_too_many_states_and_settings {
  static_assert(fits<update_rule_has_too_many_states_and_settings>,
                "fusegrad: the states of an update rule, and the numbers that it computes from settings once a step, "
                "are too many together "
                "(see got and needs).");
};
template <class Got> struct update_rule_has_no_such_setting {
  static_assert(fits<update_rule_has_no_such_setting>,
                "fusegrad: the update rule does not use a setting of this name.");
};

} // namespace fusegrad
