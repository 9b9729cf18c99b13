// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/plan/draft.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// How large the tables of a program are.
struct program_size {
  std::size_t steps, arguments, kernels, parameters, inputs, outputs, expressions, nodes, constants, results, characters, marks;
};

/// Which expressions of a draft are in use: those of its steps, and those whose gain an initialiser asks for. The others
/// were merged away.
constexpr growing<char> expressions_in_use(const draft& d, const graph::graph& g) {
  growing<char> used;
  used.resize(d.expressions.size());
  for (const step& s : d.steps)
    if (s.expression >= 0) used[static_cast<std::size_t>(s.expression)] = 1;
  for (const graph::parameter& p : g.parameters)
    if (p.gain_expression >= 0) used[static_cast<std::size_t>(p.gain_expression)] = 1;
  return used;
}

constexpr program_size size_of(const draft& d, const graph::graph& g) {
  program_size size{d.steps.size(), d.arguments.size(), d.kernels.size(), d.parameters.places.size(), d.inputs.size(),
                    d.outputs.size(), 0, 0, 0, 0, 0, g.marks.size()};
  const growing<char> used = expressions_in_use(d, g);
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i] == 0) continue;
    const expr::expression& e = d.expressions[i];
    ++size.expressions;
    size.nodes += e.nodes.size();
    size.constants += e.constants.size();
    size.results += e.results.size();
  }
  for (const graph::parameter& p : g.parameters) size.characters += p.name.size();
  for (const graph::layer_mark& m : g.marks) size.characters += m.path.size();
  return size;
}

constexpr bool fits_into(const program_size& size, const program_size& room) {
  return size.steps <= room.steps && size.arguments <= room.arguments && size.kernels <= room.kernels &&
         size.parameters <= room.parameters && size.inputs <= room.inputs && size.outputs <= room.outputs &&
         size.expressions <= room.expressions && size.nodes <= room.nodes && size.constants <= room.constants &&
         size.results <= room.results && size.characters <= room.characters && size.marks <= room.marks;
}

/// Where one expression lies in the common tables of a program.
struct expression_place {
  std::uint32_t nodes_begin = 0, node_count = 0, constants_begin = 0, constant_count = 0, results_begin = 0, result_count = 0;
  int arguments = 0;
};

/// What is known of a parameter besides its place.
struct parameter_facts {
  std::uint32_t name_begin = 0, name_size = 0;
  tensor::extents shape;
  graph::initialiser start;
  std::uint32_t fan_in = 0;
  int gain_expression = -1;
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
};

/// A model as what will run: a constant table of kernel calls, with every offset in memory.
template <program_size Size> struct program {
  std::array<step, Size.steps> steps{};
  std::array<argument, Size.arguments> arguments{};
  std::array<int, Size.kernels> kernels{};
  std::array<parameter_place, Size.parameters> parameters{};
  std::array<parameter_facts, Size.parameters> facts{};
  std::array<row_place, Size.inputs> inputs{};
  std::array<row_place, Size.outputs> outputs{};
  std::array<expression_place, Size.expressions> expressions{};
  std::array<std::uint64_t, Size.nodes> nodes{};
  std::array<double, Size.constants> constants{};
  std::array<std::uint16_t, Size.results> results{};
  std::array<char, Size.characters + 1> characters{};
  std::array<observed_mark, Size.marks> marks{};
  std::size_t row_size = 0;
  std::size_t batch_size = 0;
  std::size_t observation_size = 0;
  std::size_t row_steps = 0;
  std::size_t parameter_size = 0;  ///< packed
  std::size_t transposed_size = 0;

  static constexpr std::size_t step_count = Size.steps;
  static constexpr std::size_t kernel_count = Size.kernels;
  static constexpr std::size_t parameter_count = Size.parameters;

  /// Whether samples of a batch depend on each other: then all of them go through each step together.
  [[nodiscard]] constexpr bool couples_batch() const noexcept {
    for (const step& s : steps)
      if (s.what == graph::kind::batch_sum) return true;
    return false;
  }

  [[nodiscard]] constexpr std::string_view parameter_name(std::size_t p) const noexcept {
    return {characters.data() + facts[p].name_begin, facts[p].name_size};
  }
  [[nodiscard]] constexpr std::string_view mark_path(std::size_t m) const noexcept {
    return {characters.data() + marks[m].path_begin, marks[m].path_size};
  }
};

/// A draft as constant tables with room for at least what it needs.
template <program_size Room> constexpr program<Room> freeze(const draft& d, const graph::graph& g) {
  program<Room> out;
  const auto copy = [](const auto& from, auto& to) {
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = from[i];
  };
  copy(d.steps, out.steps);
  copy(d.arguments, out.arguments);
  copy(d.kernels, out.kernels);
  copy(d.inputs, out.inputs);
  copy(d.outputs, out.outputs);
  copy(d.parameters.places, out.parameters);

  const growing<char> used = expressions_in_use(d, g);
  growing<int> renumbered;
  std::uint32_t count = 0, node = 0, constant = 0, result = 0;
  for (std::size_t i = 0; i < used.size(); ++i) {
    renumbered.push_back(static_cast<int>(count));
    if (used[i] == 0) continue;
    const expr::expression& e = d.expressions[i];
    out.expressions[count++] = {node, static_cast<std::uint32_t>(e.nodes.size()), constant, static_cast<std::uint32_t>(e.constants.size()),
                                result, static_cast<std::uint32_t>(e.results.size()), e.arguments};
    for (const expr::node& n : e.nodes) out.nodes[node++] = expr::packed(n);
    for (double c : e.constants) out.constants[constant++] = c;
    for (std::uint16_t r : e.results) out.results[result++] = r;
  }
  for (std::size_t i = 0; i < d.steps.size(); ++i)
    if (d.steps[i].expression >= 0) out.steps[i].expression = renumbered[static_cast<std::size_t>(d.steps[i].expression)];

  std::uint32_t character = 0;
  for (std::size_t i = 0; i < g.parameters.size(); ++i) {
    const graph::parameter& p = g.parameters[i];
    const int gain = p.gain_expression < 0 ? -1 : renumbered[static_cast<std::size_t>(p.gain_expression)];
    out.facts[i] = {character, static_cast<std::uint32_t>(p.name.size()), p.shape, p.start, p.fan_in, gain};
    for (char c : p.name) out.characters[character++] = c;
  }
  for (std::size_t i = 0; i < g.marks.size(); ++i) {
    const graph::layer_mark& m = g.marks[i];
    out.marks[i] = {character, static_cast<std::uint32_t>(m.path.size()), m.name, static_cast<std::uint32_t>(g.width(m.output)),
                    static_cast<std::uint32_t>(d.observations[2 * i]), static_cast<std::uint32_t>(d.observations[2 * i + 1]), m.output_gradient >= 0,
                    m.is_activation};
    for (char c : m.path) out.characters[character++] = c;
  }
  out.row_size = d.row_size;
  out.batch_size = d.batch_size;
  out.observation_size = d.observations.back();
  out.row_steps = d.row_steps;
  out.parameter_size = d.parameters.size;
  out.transposed_size = d.parameters.transposed_size;
  return out;
}

/// The same program without the room it does not use.
template <program_size Size, program_size Room> constexpr program<Size> shrunk(const program<Room>& from) {
  program<Size> out;
  const auto copy = [](const auto& wide, auto& narrow) {
    for (std::size_t i = 0; i < narrow.size(); ++i) narrow[i] = wide[i];
  };
  copy(from.steps, out.steps);
  copy(from.arguments, out.arguments);
  copy(from.kernels, out.kernels);
  copy(from.parameters, out.parameters);
  copy(from.facts, out.facts);
  copy(from.inputs, out.inputs);
  copy(from.outputs, out.outputs);
  copy(from.expressions, out.expressions);
  copy(from.nodes, out.nodes);
  copy(from.constants, out.constants);
  copy(from.results, out.results);
  copy(from.characters, out.characters);
  copy(from.marks, out.marks);
  out.row_size = from.row_size;
  out.batch_size = from.batch_size;
  out.observation_size = from.observation_size;
  out.row_steps = from.row_steps;
  out.parameter_size = from.parameter_size;
  out.transposed_size = from.transposed_size;
  return out;
}

/// Expression number `Index` of the program that `Holder::value` is, as a template argument.
template <class Holder, std::size_t Index> inline constexpr auto expression_table = [] {
  constexpr expression_place at = Holder::value.expressions[Index];
  constexpr std::size_t nodes = at.node_count, constants = at.constant_count, results = at.result_count;
  expr::table<nodes, constants, results> out;
  for (std::size_t i = 0; i < nodes; ++i) out.code[i] = Holder::value.nodes[at.nodes_begin + i];
  for (std::size_t i = 0; i < constants; ++i) out.constants[i] = Holder::value.constants[at.constants_begin + i];
  for (std::size_t i = 0; i < results; ++i) out.results[i] = Holder::value.results[at.results_begin + i];
  out.arguments = at.arguments;
  return out;
}();

} // namespace fusegrad::plan
