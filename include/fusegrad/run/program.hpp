// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/plain_array.hpp>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/graph/initialiser.hpp>
#include <fusegrad/run/parameter_place.hpp>
#include <fusegrad/run/step.hpp>
#include <fusegrad/tensor/shape.hpp>
#include <fusegrad/tensor/window.hpp>
#include <string_view>

namespace fusegrad::execution::inline FUSEGRAD_ABI {

/// How large the tables of a program are.
struct program_size {
  std::size_t steps, arguments, kernels, parameters, inputs, outputs, expressions, nodes, constants, results,
      characters, marks, windows, patterns, forms, argument_forms;
};

/// Whether there is room for all tables.
constexpr bool fits_into(const program_size& size, const program_size& room) {
  return size.steps <= room.steps && size.arguments <= room.arguments && size.kernels <= room.kernels &&
         size.parameters <= room.parameters && size.inputs <= room.inputs && size.outputs <= room.outputs &&
         size.expressions <= room.expressions && size.nodes <= room.nodes && size.constants <= room.constants &&
         size.results <= room.results && size.characters <= room.characters && size.marks <= room.marks &&
         size.windows <= room.windows && size.patterns <= room.patterns && size.forms <= room.forms &&
         size.argument_forms <= room.argument_forms;
}

/// Where one expression lies in the common tables of a program.
struct expression_place {
  std::uint32_t nodes_begin = 0, node_count = 0, constants_begin = 0, constant_count = 0, results_begin = 0,
                result_count = 0;
  int arguments = 0;
};

/// What is known of a parameter besides its place.
struct parameter_facts {
  std::uint32_t name_begin = 0, name_size = 0;
  tensor::extents shape;
  graph::initialiser start;
  std::uint32_t fan_in = 0;
  graph::expression_id gain_expression = graph::expression_id::none;
};

/// A layer that is observed: where its sums lie, each as wide as the layer and padded; see graph/observation.hpp.
struct observed_mark {
  std::uint32_t path_begin = 0, path_size = 0;
  std::string_view name{};
  std::uint32_t units = 0;
  std::uint32_t output_sums = 0;
  std::uint32_t gradient_sums = 0;
  bool has_gradient = false;
  bool is_activation = false;
  std::uint32_t positions = 1;
};

/// Sizes of the memory that a program needs, and what is true of all of its steps.
struct program_facts {
  std::size_t row_size = 0;   ///< numbers of workspace for each sample
  std::size_t batch_size = 0; ///< numbers that the whole batch has in common
  std::size_t observation_size = 0;
  std::size_t row_steps = 0;      ///< the steps before this one make rows; those from it on sum over samples
  std::size_t loss_steps = 0;     ///< how many of these are the loss: the first ones
  std::size_t parameter_size = 0; ///< packed
  std::size_t transposed_size = 0;
  bool couples_batch = false; ///< samples of a batch depend on each other: all of them go through each step together
  bool draws_random_numbers = false;
  bool all_run_directly = true; ///< no step needs a table
  bool reads_given = false;     ///< some inputs are read where the samples lie
  bool has_borders = false;     ///< around some images lie zeros that every step relies on

  /// The first of the sums that are gradients.
  [[nodiscard]] constexpr std::size_t first_gradient_step() const noexcept { return row_steps + loss_steps; }
};

/// A model as what will run: a constant table of kernel calls, with every offset in memory.
template <program_size Size> struct program : program_facts {
  base::plain_array<step_place, Size.steps> steps;
  base::plain_array<step_form, Size.forms> forms;
  base::plain_array<argument_place, Size.arguments> arguments;
  base::plain_array<argument, Size.argument_forms> argument_forms;
  base::plain_array<int, Size.kernels> kernels;
  base::plain_array<parameter_place, Size.parameters> parameters;
  base::plain_array<parameter_facts, Size.parameters> facts;
  base::plain_array<row_place, Size.inputs> inputs;
  base::plain_array<row_place, Size.outputs> outputs;
  base::plain_array<expression_place, Size.expressions> expressions;
  base::plain_array<std::uint64_t, Size.nodes> nodes;
  base::plain_array<double, Size.constants> constants;
  base::plain_array<std::uint16_t, Size.results> results;
  base::plain_array<char, Size.characters + 1> characters;
  base::plain_array<observed_mark, Size.marks> marks;
  base::plain_array<tensor::image_window, Size.windows> windows;
  base::plain_array<kernel::window_pattern, Size.patterns> patterns;
  static constexpr std::size_t step_count = Size.steps;
  static constexpr std::size_t kernel_count = Size.kernels;
  static constexpr std::size_t parameter_count = Size.parameters;

  [[nodiscard]] constexpr const step_form& form_of(std::size_t s) const noexcept { return forms[steps[s].form]; }
  [[nodiscard]] constexpr step step_at(std::size_t s) const noexcept { return {form_of(s), steps[s]}; }
  [[nodiscard]] constexpr argument argument_at(std::size_t a) const noexcept {
    return at_offset(argument_forms[arguments[a].form], arguments[a].offset);
  }
  [[nodiscard]] constexpr std::string_view parameter_name(std::size_t p) const noexcept {
    return {characters.data() + facts[p].name_begin, facts[p].name_size};
  }
  [[nodiscard]] constexpr std::string_view mark_path(std::size_t m) const noexcept {
    return {characters.data() + marks[m].path_begin, marks[m].path_size};
  }
};

/// Expression number `Index` of the program that `Holder::value` is, as a template argument.
template <class Holder, std::size_t Index>
inline constexpr auto expression_table = [] {
  constexpr expression_place at = Holder::value.expressions[Index];
  constexpr std::size_t nodes = at.node_count, constants = at.constant_count, results = at.result_count;
  expr::table<nodes, constants, results> out;
  for (std::size_t i = 0; i < nodes; ++i) out.code[i] = Holder::value.nodes[at.nodes_begin + i];
  for (std::size_t i = 0; i < constants; ++i) out.constants[i] = Holder::value.constants[at.constants_begin + i];
  for (std::size_t i = 0; i < results; ++i) out.results[i] = Holder::value.results[at.results_begin + i];
  out.arguments = at.arguments;
  return out;
}();

} // namespace fusegrad::execution::inline FUSEGRAD_ABI
