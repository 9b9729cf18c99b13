// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/copy_items.hpp>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/plan/draft.hpp>
#include <fusegrad/plan/share_forms.hpp>
#include <fusegrad/run/program.hpp>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Which expressions of a draft are in use: those of its steps, and those whose gain an initialiser asks for. The
/// others were merged away.
constexpr numbered<graph::expression_id, char> expressions_in_use(const draft& d, const graph::graph& g) {
  numbered<graph::expression_id, char> used;
  used.resize(d.expressions.size());
  for (const execution::step& s : d.steps)
    if (used.has(s.expression)) used[s.expression] = 1;
  for (const graph::parameter& p : g.parameters)
    if (used.has(p.gain_expression)) used[p.gain_expression] = 1;
  return used;
}

constexpr execution::program_size size_of(const draft& d, const shared_forms& shared, const graph::graph& g) {
  execution::program_size size{d.steps.size(),
                               d.arguments.size(),
                               d.kernels.size(),
                               d.parameters.places.size(),
                               d.inputs.size(),
                               d.outputs.size(),
                               0,
                               0,
                               0,
                               0,
                               0,
                               g.marks.size(),
                               d.windows.size(),
                               d.patterns.size(),
                               shared.forms.size(),
                               shared.argument_forms.size()};
  const auto used = expressions_in_use(d, g);
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

/// A draft as constant tables with room for at least what it needs. Into fresh ones that are there: a compiler copies
/// what is handed back.
template <execution::program_size Room>
constexpr void freeze(const draft& d, const shared_forms& shared, const graph::graph& g,
                      execution::program<Room>& out) {
  const auto copy = [](const auto& from, auto& to) { base::copy_items(from.begin(), from.size(), to.data()); };
  copy(shared.steps, out.steps);
  copy(shared.forms, out.forms);
  copy(shared.arguments, out.arguments);
  copy(shared.argument_forms, out.argument_forms);
  copy(d.kernels, out.kernels);
  copy(d.inputs, out.inputs);
  copy(d.outputs, out.outputs);
  copy(d.windows, out.windows);
  copy(d.patterns, out.patterns);
  copy(d.parameters.places, out.parameters);

  const auto used = expressions_in_use(d, g);
  numbered<graph::expression_id, graph::expression_id> renumbered;
  std::uint32_t count = 0, node = 0, constant = 0, result = 0;
  for (std::size_t i = 0; i < used.size(); ++i) {
    renumbered.push_back(renumbered.number(count));
    if (used[i] == 0) continue;
    const expr::expression& e = d.expressions[i];
    out.expressions[count++] = {node,       static_cast<std::uint32_t>(e.nodes.size()),
                                constant,   static_cast<std::uint32_t>(e.constants.size()),
                                result,     static_cast<std::uint32_t>(e.results.size()),
                                e.arguments};
    for (const expr::node& n : e.nodes) out.nodes[node++] = expr::packed(n);
    for (double c : e.constants) out.constants[constant++] = c;
    for (std::uint16_t r : e.results) out.results[result++] = r;
  }
  for (std::size_t i = 0; i < shared.forms.size(); ++i)
    if (renumbered.has(shared.forms[i].expression)) out.forms[i].expression = renumbered[shared.forms[i].expression];

  std::uint32_t character = 0;
  for (std::size_t i = 0; i < g.parameters.size(); ++i) {
    const graph::parameter& p = g.parameters[i];
    const graph::expression_id gain =
        renumbered.has(p.gain_expression) ? renumbered[p.gain_expression] : graph::expression_id::none;
    out.facts[i] = {character, static_cast<std::uint32_t>(p.name.size()), p.shape, p.start, p.fan_in, gain};
    base::copy_items(p.name.begin(), p.name.size(), out.characters.data() + character);
    character += static_cast<std::uint32_t>(p.name.size());
  }
  for (std::size_t i = 0; i < g.marks.size(); ++i) {
    const graph::layer_mark& m = g.marks[i];
    out.marks[i] = {character,
                    static_cast<std::uint32_t>(m.path.size()),
                    m.name,
                    static_cast<std::uint32_t>(g.shape(m.output).columns()),
                    static_cast<std::uint32_t>(d.observations[2 * i]),
                    static_cast<std::uint32_t>(d.observations[2 * i + 1]),
                    m.output_gradient != graph::value_id::none,
                    m.is_activation,
                    static_cast<std::uint32_t>(g.shape(m.output).positions())};
    base::copy_items(m.path.begin(), m.path.size(), out.characters.data() + character);
    character += static_cast<std::uint32_t>(m.path.size());
  }
  static_cast<execution::program_facts&>(out) = d;
}

/// The same program without the room it does not use.
template <execution::program_size Size, execution::program_size Room>
constexpr execution::program<Size> shrunk(const execution::program<Room>& from) {
  execution::program<Size> out;
  const auto copy = [](const auto& wide, auto& narrow) { base::copy_items(wide.data(), narrow.size(), narrow.data()); };
  copy(from.steps, out.steps);
  copy(from.forms, out.forms);
  copy(from.arguments, out.arguments);
  copy(from.argument_forms, out.argument_forms);
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
  copy(from.windows, out.windows);
  copy(from.patterns, out.patterns);
  static_cast<execution::program_facts&>(out) = from;
  return out;
}

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
