// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/base/diagnostics.hpp>

// What can be wrong with the operations that a layer writes, in words; docs/errors.md has an entry for each. `Layer` is
// the layer or the path of a parameter, `Position` the layer's place. graph/shape_rules.hpp has the rules,
// layer/broken_rule.hpp says which is whose.
namespace fusegrad::layers {

template <class Layer, class Position, class Got, class Needs> struct operand_is_unknown {
  static_assert(fits<operand_is_unknown>,
                "fusegrad: an operation reads a row or a parameter that this emitter has not made: use what `x` and "
                "the calls of `e` give.");
};
template <class Layer, class Position, class Got, class Needs> struct row_has_another_size {
  static_assert(fits<row_has_another_size>,
                "fusegrad: the shape of a row was changed to one of another size: a row's shape may be changed, the "
                "number of its columns may not (see got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct operation_needs_a_row_for_each_sample {
  static_assert(fits<operation_needs_a_row_for_each_sample>,
                "fusegrad: the operation needs a row for each sample; what a batch has in common, such as batch_mean "
                "makes it, is read by map only.");
};
template <class Layer, class Position, class Got, class Needs> struct matrix_does_not_fit_the_row {
  static_assert(fits<matrix_does_not_fit_the_row>,
                "fusegrad: matrix_product takes a weight of [outputs][width of the row] (see got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct matrix_is_read_by_map {
  static_assert(fits<matrix_is_read_by_map>,
                "fusegrad: a parameter is the weight of a matrix_product or an operand of map, but not both.");
};
template <class Layer, class Position, class Got, class Needs> struct rows_differ_in_width {
  static_assert(fits<rows_differ_in_width>,
                "fusegrad: map takes values of one shape; only those of one column, or one position, are repeated (see "
                "got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct images_differ_in_positions {
  static_assert(fits<images_differ_in_positions>,
                "fusegrad: concat joins the columns of values with the same positions (see got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct window_needs_an_image {
  static_assert(fits<window_needs_an_image>,
                "fusegrad: a window moves over [height][width][channels], or along a row of [time][channels] (see "
                "got).");
};
template <class Layer, class Position, class Got, class Needs> struct window_does_not_fit_the_image {
  static_assert(fits<window_does_not_fit_the_image>,
                "fusegrad: the window does not fit into the image, or does not lead to it (see the rows and columns "
                "in got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct window_sees_nothing_of_the_image {
  static_assert(fits<window_sees_nothing_of_the_image>,
                "fusegrad: max_pool has a largest number in every window: pad by less than the window's size (see the "
                "rows and columns of the image in got).");
};
template <class Layer, class Position, class Got, class Needs> struct weight_does_not_fit_the_window {
  static_assert(fits<weight_does_not_fit_the_window>,
                "fusegrad: convolution takes a weight of [outputs][channels][rows][columns] of its window (see got and "
                "needs).");
};
template <class Layer, class Position, class Got, class Needs> struct value_is_not_so_many_matrices {
  static_assert(
      fits<value_is_not_so_many_matrices>,
      "fusegrad: value_product takes values of [rows][matrices * columns] or of [matrices][rows][columns] (see "
      "the value in got and the number of matrices in needs).");
};
template <class Layer, class Position, class Got, class Needs> struct factors_do_not_fit {
  static_assert(fits<factors_do_not_fit>,
                "fusegrad: value_product takes a right factor with a row for each column of the left one (see the rows "
                "and columns in got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct parameter_does_not_fit_the_columns {
  static_assert(fits<parameter_does_not_fit_the_columns>,
                "fusegrad: map takes parameters with one number for each column, or with a single one (see got and "
                "needs).");
};
template <class Layer, class Position, class Got, class Needs> struct map_has_too_many_operands {
  static_assert(fits<map_has_too_many_operands>,
                "fusegrad: map takes so many operands at most, its named parameters among them (see got and needs): "
                "map some of them first.");
};
template <class Layer, class Position, class Got, class Needs> struct function_makes_several_numbers {
  static_assert(fits<function_makes_several_numbers>,
                "fusegrad: map takes a function with one result (see got): map once for each of them.");
};
template <class Layer, class Position, class Got, class Needs> struct map_uses_state_or_setting {
  static_assert(fits<map_uses_state_or_setting>,
                "fusegrad: a function given to map may use parameter<\"name\">(...), but no state and no setting: "
                "ask for a state with e.state(...).");
};
template <class Layer, class Position, class Got, class Needs> struct parts_do_not_add_up {
  static_assert(fits<parts_do_not_add_up>,
                "fusegrad: split takes widths of 1 or more that add up to the width of the row (see got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct concat_of_nothing {
  static_assert(fits<concat_of_nothing>, "fusegrad: concat needs at least one row.");
};
template <class Layer, class Position, class Got, class Needs> struct reshape_changes_the_size {
  static_assert(fits<reshape_changes_the_size>,
                "fusegrad: reshape keeps the number of columns: give extents with the same product (see got and "
                "needs).");
};
template <class Layer, class Position, class Got, class Needs> struct state_needs_a_row_of_the_batch {
  static_assert(fits<state_needs_a_row_of_the_batch>,
                "fusegrad: set_next takes one row for the whole batch, such as batch_mean makes it: not a row for "
                "each sample.");
};
template <class Layer, class Position, class Got, class Needs> struct next_value_of_what_is_no_state {
  static_assert(fits<next_value_of_what_is_no_state>,
                "fusegrad: set_next is for what e.state(...) has made; a parameter that is learned gets its next "
                "value from the update rule.");
};
template <class Layer, class Position, class Got, class Needs> struct next_value_has_another_size {
  static_assert(fits<next_value_has_another_size>,
                "fusegrad: set_next takes a row with one number for each of the state's (see got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct logits_and_target_differ {
  static_assert(fits<logits_and_target_differ>,
                "fusegrad: softmax_cross_entropy takes a target as wide as the logits (see got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct size_is_zero_or_too_large {
  static_assert(fits<size_is_zero_or_too_large>,
                "fusegrad: a value or parameter has 1 to 4,000,000,000 numbers (see got).");
};
template <class Layer, class Position, class Got, class Needs> struct two_parameters_of_one_name {
  static_assert(fits<two_parameters_of_one_name>,
                "fusegrad: two parameters have the same name: give each named<...> and each parameter of a layer a "
                "name of its own, or share one layer with shared<...>.");
};
template <class Layer, class Position, class Got, class Needs> struct shared_layer_at_two_sizes {
  static_assert(fits<shared_layer_at_two_sizes>,
                "fusegrad: a shared layer is used on values of different sizes, but has its weights once (see got "
                "and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct layer_reads_the_batch_outside_of_training {
  static_assert(fits<layer_reads_the_batch_outside_of_training>,
                "fusegrad: a layer reads the batch, or random numbers, outside of training, where a sample stands "
                "for itself: ask e.is_training() before.");
};
template <class Layer, class Position, class Got, class Needs> struct layer_makes_another_shape {
  static_assert(fits<layer_makes_another_shape>,
                "fusegrad: emit makes another number of columns than output_shape says (see got and needs).");
};
template <class Layer, class Position, class Got, class Needs> struct layer_has_other_parameters_in_training {
  static_assert(fits<layer_has_other_parameters_in_training>,
                "fusegrad: a layer has the same parameters and states in training and outside of it, in one order, and "
                "the same ones are weights of products (see got for the first that differs, from 0): write them before "
                "asking e.is_training().");
};
template <class Layer, class Position, class Got, class Needs> struct layer_adds_an_input {
  static_assert(fits<layer_adds_an_input>,
                "fusegrad: a layer reads the row that is given to emit; inputs are added where the model begins: "
                "inputs<...>.");
};
template <class Layer, class Position, class Got, class Needs> struct operation_has_no_derivative_by_inputs {
  static_assert(
      fits<operation_has_no_derivative_by_inputs>,
      "fusegrad: an operation of the model has no derivative with respect to its inputs, nor second ones with "
      "respect to its weights: statistics of a batch couple samples, and a max pool jumps; leave batch_norm "
      "out, and use average pools.");
};
template <class Layer, class Position, class Got, class Needs> struct higher_derivative_is_zero {
  static_assert(
      fits<higher_derivative_is_zero>,
      "fusegrad: an activation of the model is made of pieces whose derivatives of this order are zero, as the "
      "second of ReLU and the third of its square: use a smooth one such as tanh, silu, sine or softplus.");
};
template <class Layer, class Position, class Got, class Needs> struct input_has_no_such_column {
  static_assert(fits<input_has_no_such_column>,
                "fusegrad: a derivative is by a column that the model's inputs do not have (see got and needs).");
};
template <class Got, class Needs> struct model_is_too_large {
  static_assert(fits<model_is_too_large>,
                "fusegrad: the parameters of the model, or what it works in for one sample, have more numbers "
                "than places of 32 bits can tell apart (see got and needs).");
};

} // namespace fusegrad::layers
