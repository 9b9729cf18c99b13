// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/fixed_string.hpp>
#include <fusegrad/graph/shape_rules.hpp>
#include <fusegrad/layer/errors.hpp>
#include <fusegrad/layer/operation_errors.hpp>
#include <utility>

namespace fusegrad::layers {

namespace detail {
template <graph::rule> struct error_of;
template <> struct error_of<graph::rule::known_operand> {
  template <class... Words> using type = operand_is_unknown<Words...>;
};
template <> struct error_of<graph::rule::size_of_row> {
  template <class... Words> using type = row_has_another_size<Words...>;
};
template <> struct error_of<graph::rule::row_for_each_sample> {
  template <class... Words> using type = operation_needs_a_row_for_each_sample<Words...>;
};
template <> struct error_of<graph::rule::matrix_of_row> {
  template <class... Words> using type = matrix_does_not_fit_the_row<Words...>;
};
template <> struct error_of<graph::rule::matrix_by_itself> {
  template <class... Words> using type = matrix_is_read_by_map<Words...>;
};
template <> struct error_of<graph::rule::equal_widths> {
  template <class... Words> using type = rows_differ_in_width<Words...>;
};
template <> struct error_of<graph::rule::equal_images> {
  template <class... Words> using type = images_differ_in_positions<Words...>;
};
template <> struct error_of<graph::rule::image_of_window> {
  template <class... Words> using type = window_needs_an_image<Words...>;
};
template <> struct error_of<graph::rule::window_fits> {
  template <class... Words> using type = window_does_not_fit_the_image<Words...>;
};
template <> struct error_of<graph::rule::window_sees> {
  template <class... Words> using type = window_sees_nothing_of_the_image<Words...>;
};
template <> struct error_of<graph::rule::weight_of_window> {
  template <class... Words> using type = weight_does_not_fit_the_window<Words...>;
};
template <> struct error_of<graph::rule::matrices_of_value> {
  template <class... Words> using type = value_is_not_so_many_matrices<Words...>;
};
template <> struct error_of<graph::rule::factors_fit> {
  template <class... Words> using type = factors_do_not_fit<Words...>;
};
template <> struct error_of<graph::rule::parameter_of_columns> {
  template <class... Words> using type = parameter_does_not_fit_the_columns<Words...>;
};
template <> struct error_of<graph::rule::operand_count> {
  template <class... Words> using type = map_has_too_many_operands<Words...>;
};
template <> struct error_of<graph::rule::one_result> {
  template <class... Words> using type = function_makes_several_numbers<Words...>;
};
template <> struct error_of<graph::rule::has_tangent> {
  template <class... Words> using type = operation_has_no_derivative_by_inputs<Words...>;
};
template <> struct error_of<graph::rule::has_curvature> {
  template <class... Words> using type = higher_derivative_is_zero<Words...>;
};
template <> struct error_of<graph::rule::column_of_input> {
  template <class... Words> using type = input_has_no_such_column<Words...>;
};
template <> struct error_of<graph::rule::only_parameters> {
  template <class... Words> using type = map_uses_state_or_setting<Words...>;
};
template <> struct error_of<graph::rule::parts_of_row> {
  template <class... Words> using type = parts_do_not_add_up<Words...>;
};
template <> struct error_of<graph::rule::some_parts> {
  template <class... Words> using type = concat_of_nothing<Words...>;
};
template <> struct error_of<graph::rule::size_kept> {
  template <class... Words> using type = reshape_changes_the_size<Words...>;
};
template <> struct error_of<graph::rule::row_of_batch> {
  template <class... Words> using type = state_needs_a_row_of_the_batch<Words...>;
};
template <> struct error_of<graph::rule::state_of_batch> {
  template <class... Words> using type = next_value_of_what_is_no_state<Words...>;
};
template <> struct error_of<graph::rule::size_of_state> {
  template <class... Words> using type = next_value_has_another_size<Words...>;
};
template <> struct error_of<graph::rule::logits_and_target> {
  template <class... Words> using type = logits_and_target_differ<Words...>;
};
template <> struct error_of<graph::rule::sensible_size> {
  template <class... Words> using type = size_is_zero_or_too_large<Words...>;
};
template <> struct error_of<graph::rule::name_once> {
  template <class... Words> using type = two_parameters_of_one_name<Words...>;
};
template <> struct error_of<graph::rule::shared_at_one_size> {
  template <class... Words> using type = shared_layer_at_two_sizes<Words...>;
};
template <> struct error_of<graph::rule::training_only> {
  template <class... Words> using type = layer_reads_the_batch_outside_of_training<Words...>;
};
template <> struct error_of<graph::rule::declared_size> {
  template <class... Words> using type = layer_makes_another_shape<Words...>;
};
template <> struct error_of<graph::rule::same_parameters> {
  template <class... Words> using type = layer_has_other_parameters_in_training<Words...>;
};
template <> struct error_of<graph::rule::inputs_of_model> {
  template <class... Words> using type = layer_adds_an_input<Words...>;
};

template <class Violation, class Indices> struct got_of;
template <class Violation, std::size_t... I> struct got_of<Violation, std::index_sequence<I...>> {
  using type = diagnostics::got<static_cast<std::size_t>(Violation::found.got.extent[I])...>;
};
template <class Violation, class Indices> struct needs_of;
template <class Violation, std::size_t... I> struct needs_of<Violation, std::index_sequence<I...>> {
  using type = diagnostics::needs<static_cast<std::size_t>(Violation::found.needs.extent[I])...>;
};
} // namespace detail

/// The error that says which rule was broken, by which layer and where. `Violation::found` is what an emitter has
/// noted.
template <class Violation, class Layer, class Position>
using broken_rule = typename detail::error_of<Violation::found.broken>::template type<
    Layer, Position, typename detail::got_of<Violation, std::make_index_sequence<Violation::found.got.rank>>::type,
    typename detail::needs_of<Violation, std::make_index_sequence<Violation::found.needs.rank>>::type>;

} // namespace fusegrad::layers
