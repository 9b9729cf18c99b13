// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/diagnostics.hpp>
#include <fusegrad/base/fixed_string.hpp>

// What can be wrong with a model, in words; docs/errors.md has an entry for each. Public headers include this one
// first: the shorter the chain of includes, the earlier the words stand in what the compiler prints.
namespace fusegrad::layers {

/// The name of a layer, as a summary prints it.
template <fixed_string Name> struct called;

/// A layer's name for a message. Its type would do, were it not a line long with the initialisers of its weights.
template <class Layer> class words_for {
  static constexpr auto text() {
    fixed_string<Layer::name.size()> copy;
    for (std::size_t i = 0; i < Layer::name.size(); ++i) copy.characters[i] = Layer::name[i];
    copy.characters[Layer::name.size()] = '\0'; // written, because Clang prints numbers instead of text where it is not
    return copy;
  }

public:
  using type = called<text()>;
};
template <class Layer> using in_words = typename words_for<Layer>::type;

// Cures.
struct leave_out_the_first_size_or_write_the_one_that_comes_in;
struct insert_flatten_before_it;
struct insert_concat_or_add_or_multiply_before_it;
struct give_extents_with_the_same_product;
struct make_the_parts_add_up_to_the_width_that_comes_in;
struct end_the_body_in_the_shape_it_starts_with;
struct make_all_branches_end_in_the_same_shape_or_use_concat;
struct make_all_branches_end_in_the_same_positions_or_flatten;
struct give_each_of_the_values_one_layer;
struct begin_with_an_input_of_height_width_channels_or_insert_reshape;
struct begin_with_an_input_of_time_channels_or_insert_reshape;
struct make_the_kernel_smaller_or_add_padding_before_it;
struct pad_by_less_or_make_the_pool_larger;
struct cut_off_less;
struct choose_groups_that_divide_the_channels;
struct wrap_it_in_activation;
struct give_the_loss_to_the_trainer;
struct give_the_update_rule_to_the_trainer;
struct add_the_penalty_to_the_loss;
struct put_it_into_groups;
struct write_dense_with_the_number_of_units;
struct leave_out_its_input;
struct give_a_layer_such_as_dense_or_relu;

template <class Layer, class Position, class Got, class Needs, class Fix> struct shape_mismatch {
  static_assert(fits<shape_mismatch>,
                "fusegrad: the shape that comes in does not fit the layer (see position, got, needs and fix).");
};
template <class Layer, class Position, class Got, class Needs, class Fix> struct wrong_number_of_values {
  static_assert(fits<wrong_number_of_values>,
                "fusegrad: the layer takes one value and gets several: join them first (see position and fix).");
};
template <class Position, class Got, class Needs, class Fix> struct residual_changes_the_shape {
  static_assert(fits<residual_changes_the_shape>, "fusegrad: the body of a residual block must return the shape it is "
                                                  "given: x + body(x) (see position, got and needs).");
};
template <class Layer, class Position, class Got, class Needs, class Fix> struct branches_differ_in_shape {
  static_assert(fits<branches_differ_in_shape>,
                "fusegrad: add and multiply join values of one shape (see position, got and needs); concat takes any.");
};
template <class Layer, class Position, class Got, class Needs, class Fix> struct parts_differ_in_positions {
  static_assert(fits<parts_differ_in_positions>,
                "fusegrad: concat joins channels of images of one height and width (see position, got and needs).");
};
template <class Layer, class Position, class Got, class Fix> struct layer_needs_an_image {
  static_assert(fits<layer_needs_an_image>,
                "fusegrad: the layer moves over an image of [height][width][channels] (see position, got and fix).");
};
template <class Layer, class Position, class Got, class Fix> struct layer_needs_a_sequence {
  static_assert(fits<layer_needs_a_sequence>,
                "fusegrad: the layer moves over a sequence of [time][channels] (see position, got and fix).");
};
template <class Layer, class Position, class Got, class Needs, class Fix> struct kernel_does_not_fit {
  static_assert(fits<kernel_does_not_fit>, "fusegrad: the kernel spans more rows or columns (see needs) than come in "
                                           "with their padding (see got).");
};
template <class Layer, class Position, class Got, class Needs, class Fix> struct nothing_is_left_of_the_image {
  static_assert(fits<nothing_is_left_of_the_image>,
                "fusegrad: nothing is left of the image: it has fewer rows or columns (see got) than it would "
                "take to keep one (see needs).");
};
template <class Layer, class Position, class Got, class Needs, class Fix> struct groups_do_not_divide_the_channels {
  static_assert(
      fits<groups_do_not_divide_the_channels>,
      "fusegrad: the groups of a convolution take equal shares of the channels that come in (see got; needs is "
      "the next number that they divide).");
};
template <class Layer, class Position, class Got, class Needs, class Fix> struct padding_is_as_large_as_the_kernel {
  static_assert(fits<padding_is_as_large_as_the_kernel>,
                "fusegrad: a pool pads by less than its size (see needs): else a window would see nothing of the image "
                "(see got).");
};
template <class Position, class Got, class Needs, class Fix> struct wrong_number_of_layers {
  static_assert(fits<wrong_number_of_layers>,
                "fusegrad: each needs one layer for each value that comes in (see position, got and needs).");
};

template <class Position, class Got, class Needs> struct mask_of_other_positions {
  static_assert(
      fits<mask_of_other_positions>,
      "fusegrad: masked_sum takes one number of the second value for each position of the first (see position, "
      "got and needs).");
};

template <class Got> struct input_has_zero_width {
  static_assert(fits<input_has_zero_width>,
                "fusegrad: an input needs at least one number: write extents of 1 or more.");
};
template <class Got, class Most> struct too_many_extents {
  static_assert(fits<too_many_extents>, "fusegrad: a sample has at most four extents; the batch is not one of them.");
};
template <class Got> struct dense_has_zero_width {
  static_assert(fits<dense_has_zero_width>, "fusegrad: a dense layer needs at least one unit and at least one input.");
};
template <class Got> struct dense_takes_one_or_two_sizes {
  static_assert(fits<dense_takes_one_or_two_sizes>, "fusegrad: write dense<units>, or dense<inputs, units>.");
};
template <class Got> struct part_has_zero_width {
  static_assert(fits<part_has_zero_width>,
                "fusegrad: a part of groups needs at least one unit: write on<1>(...) or more.");
};
template <class Found> struct groups_takes_parts {
  static_assert(fits<groups_takes_parts>,
                "fusegrad: groups takes parts with their widths: groups(on<16>(relu), on<16>(tanh)).");
};
template <class Block> struct block_is_empty {
  static_assert(fits<block_is_empty>, "fusegrad: branch, each, groups and repeat need at least one layer.");
};

template <class Got> struct activation_takes_one_argument {
  static_assert(fits<activation_takes_one_argument>, "fusegrad: an activation is a function of one argument.");
};
template <class Recipe> struct activation_uses_state_or_setting {
  static_assert(fits<activation_uses_state_or_setting>, "fusegrad: an activation may use parameter<\"name\">(...), but "
                                                        "no state and no setting: those belong to update rules.");
};

template <class Found, class Fix> struct not_a_layer {
  static_assert(fits<not_a_layer>, "fusegrad: this is no layer (see what was found, and fix).");
};
template <class Fix> struct model_where_a_layer_is_expected {
  static_assert(
      fits<model_where_a_layer_is_expected>,
      "fusegrad: this is a whole model, with its input; a layer or a block is needed here: leave out input<...> |.");
};
template <class Layer> struct layer_has_data {
  static_assert(fits<layer_has_data>,
                "fusegrad: a layer is an empty class, of which the type alone is kept: make its numbers template "
                "arguments, or parameters that it asks the emitter for.");
};
template <class Layer> struct layer_has_no_name {
  static_assert(fits<layer_has_no_name>,
                "fusegrad: a layer needs `static constexpr std::string_view name = \"...\";`.");
};
template <class Layer> struct layer_has_no_output_shape {
  static_assert(fits<layer_has_no_output_shape>, "fusegrad: a layer needs `static constexpr tensor::extents "
                                                 "output_shape(tensor::extents in)`, the shape it makes.");
};
template <class Layer> struct layer_has_no_emit {
  static_assert(fits<layer_has_no_emit>, "fusegrad: a layer needs `static constexpr row emit(emitter& e, const row& "
                                         "x)`, which returns the row it has made.");
};

} // namespace fusegrad::layers
