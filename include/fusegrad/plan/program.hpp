// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/expr/table.hpp>
#include <fusegrad/plan/draft.hpp>

namespace fusegrad::plan {

/// How large the tables of a program are.
struct program_size {
  std::size_t steps, arguments, kernels, parameters, inputs, outputs, expressions, nodes, constants, results, characters;
};

constexpr program_size size_of(const draft& d, const graph::graph& g) {
  program_size size{d.steps.size(), d.arguments.size(), d.kernels.size(), d.parameters.places.size(), d.inputs.size(),
                    d.outputs.size(), d.expressions.size(), 0, 0, 0, 0};
  for (const expr::expression& e : d.expressions) {
    size.nodes += e.nodes.size();
    size.constants += e.constants.size();
    size.results += e.results.size();
  }
  for (const graph::parameter& p : g.parameters) size.characters += p.name.size();
  return size;
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
  int gain_expression = -1;
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
  std::size_t row_size = 0;
  std::size_t parameter_size = 0;  ///< packed
  std::size_t transposed_size = 0;

  static constexpr std::size_t step_count = Size.steps;
  static constexpr std::size_t kernel_count = Size.kernels;
  static constexpr std::size_t parameter_count = Size.parameters;

  [[nodiscard]] constexpr std::string_view parameter_name(std::size_t p) const noexcept {
    return {characters.data() + facts[p].name_begin, facts[p].name_size};
  }
};

template <program_size Size> constexpr program<Size> freeze(const draft& d, const graph::graph& g) {
  program<Size> out;
  for (std::size_t i = 0; i < Size.steps; ++i) out.steps[i] = d.steps[i];
  for (std::size_t i = 0; i < Size.arguments; ++i) out.arguments[i] = d.arguments[i];
  for (std::size_t i = 0; i < Size.kernels; ++i) out.kernels[i] = d.kernels[i];
  for (std::size_t i = 0; i < Size.inputs; ++i) out.inputs[i] = d.inputs[i];
  for (std::size_t i = 0; i < Size.outputs; ++i) out.outputs[i] = d.outputs[i];
  std::uint32_t character = 0;
  for (std::size_t i = 0; i < Size.parameters; ++i) {
    const graph::parameter& p = g.parameters[i];
    out.parameters[i] = d.parameters.places[i];
    out.facts[i] = {character, static_cast<std::uint32_t>(p.name.size()), p.shape, p.start, p.gain_expression};
    for (char c : p.name) out.characters[character++] = c;
  }
  std::uint32_t node = 0, constant = 0, result = 0;
  for (std::size_t i = 0; i < Size.expressions; ++i) {
    const expr::expression& e = d.expressions[i];
    out.expressions[i] = {node, static_cast<std::uint32_t>(e.nodes.size()), constant, static_cast<std::uint32_t>(e.constants.size()),
                          result, static_cast<std::uint32_t>(e.results.size()), e.arguments};
    for (const expr::node& n : e.nodes) out.nodes[node++] = expr::packed(n);
    for (double c : e.constants) out.constants[constant++] = c;
    for (std::uint16_t r : e.results) out.results[result++] = r;
  }
  out.row_size = d.row_size;
  out.parameter_size = d.parameters.size;
  out.transposed_size = d.parameters.transposed_size;
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
