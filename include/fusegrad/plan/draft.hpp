// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/graph/operations.hpp>
#include <fusegrad/plan/fuse.hpp>
#include <fusegrad/plan/given_values.hpp>
#include <fusegrad/plan/join_by_weight.hpp>
#include <fusegrad/plan/lay_out_values.hpp>
#include <fusegrad/plan/parameter_layout.hpp>
#include <fusegrad/plan/value_memory.hpp>
#include <fusegrad/plan/window_patterns.hpp>
#include <fusegrad/run/bindings.hpp>
#include <fusegrad/run/program.hpp>
#include <fusegrad/run/step.hpp>
#include <initializer_list>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// A program while it is made: the kernel calls in order, with all memory assigned.
struct draft : execution::program_facts {
  growing<execution::step> steps;
  growing<execution::argument> arguments;
  growing<int> kernels; ///< for each distinct kernel the first step that needs it
  numbered<graph::expression_id, expr::expression> expressions;
  growing<execution::row_place> inputs;
  growing<execution::row_place> outputs;
  growing<tensor::image_window> windows;
  growing<kernel::window_pattern> patterns;
  parameter_layout parameters;
  growing<execution::row_place> bordered; ///< images with zeros around them, which nothing ever writes
  growing<std::size_t> observations; ///< where each observation begins; behind the last, how many numbers they take
};

/// The end of the largest stretch of memory that places of 32 bits count in.
constexpr std::size_t largest_place(const draft& d) {
  std::size_t largest = d.parameter_size;
  for (std::size_t size : {d.transposed_size, d.row_size, d.batch_size, d.observation_size})
    largest = size > largest ? size : largest;
  return largest;
}

/// No step: where the parameters of a graph lie, for who only holds them.
template <class T> constexpr draft draft_of_parameters(const graph::graph& g) {
  draft d;
  d.parameters = lay_out_parameters<T>(g);
  d.parameter_size = d.parameters.size;
  d.expressions = g.expressions;
  d.observations.resize(2 * g.marks.size() + 1);
  return d;
}

/// Where each observation of a graph begins, by its number, and behind the last how many numbers they take. Each has
/// some sums, one after the other, each as wide as its layer and padded.
template <class T> constexpr growing<std::size_t> lay_out_observations(const graph::graph& g) {
  growing<std::size_t> offsets;
  offsets.resize(2 * g.marks.size());
  std::size_t size = 0;
  for (const graph::operation& op : g.operations) {
    if (graph::facts_of(op).into != graph::sum_into::observation) continue;
    offsets[static_cast<std::size_t>(op.slot)] = size;
    size += g.expressions[op.expression].results.size() * kernel::padded<T>(g.shape(op.inputs[0]).columns());
  }
  offsets.push_back(size);
  return offsets;
}

/// Assigns memory to fused operations: each value lives from the operation that makes it to the last that reads it.
template <class T> class drafting {
public:
  draft result;

  constexpr explicit drafting(graph::graph& g) : g_{g} {
    fusion fused(g);
    result.parameters = lay_out_parameters<T>(g);
    join_by_weight(g, result.parameters, fused.operations);
    const growing<const fused_operation*> operations = in_order(fused.operations);
    result.observations = lay_out_observations<T>(g);
    result.observation_size = result.observations.back();
    result.parameter_size = result.parameters.size;
    result.transposed_size = result.parameters.transposed_size;
    result.expressions = g.expressions;
    values_ = value_memory<T>(g, operations);
    for (const value_id v : values_read_where_given<T>(g, result.parameters, operations))
      if (values_.layout(v).is_flat()) values_.keep_given(v);
    place_inputs(operations);
    result.steps.reserve(operations.size());
    result.arguments.reserve(4 * operations.size());
    for (std::size_t i = 0; i < operations.size(); ++i)
      if (!facts_of(*operations[i]).is_given) add_step(*operations[i], i);
    for (value_id out : g.outputs) result.outputs.push_back(values_.place_in_rows(out));
    result.bordered = values_.bordered();
    result.has_borders = !result.bordered.empty();
    result.row_size = values_.row_size();
    result.batch_size = values_.batch_size();
  }

private:
  using operand = graph::operand;
  using value_id = graph::value_id;
  using sum_into = graph::sum_into;
  using memory = execution::memory;

  static constexpr std::size_t forever = static_cast<std::size_t>(-1);

  /// First what makes rows, so that samples can be shared among threads; then the sums over samples, whose results can.
  /// Nothing reads a sum, so they may all come last: in reverse, since what was made last is nearest. The loss is
  /// summed first of all: whether a step is taken depends on it, and the sums of gradients may update weights as they
  /// are made.
  static constexpr growing<const fused_operation*> in_order(const growing<fused_operation>& made) {
    growing<const fused_operation*> out, sums;
    out.reserve(made.size());
    sums.reserve(made.size());
    for (const fused_operation& op : made) {
      if (!op.alive) continue;
      (facts_of(op).is_sum() ? sums : out).push_back(&op);
    }
    for (const bool is_loss : {true, false})
      for (std::size_t i = sums.size(); i-- > 0;)
        if ((facts_of(*sums[i]).into == sum_into::loss) == is_loss) out.push_back(sums[i]);
    return out;
  }

  constexpr void place_inputs(const growing<const fused_operation*>& operations) {
    std::size_t numbers_before = 0;
    for (const fused_operation* op : operations) {
      if (!facts_of(*op).is_given) continue;
      values_.take_given(op->outputs[0], numbers_before);
      result.inputs.push_back(values_.place_in_rows(op->outputs[0]));
      result.reads_given = result.reads_given || result.inputs.back().is_given;
      numbers_before += result.inputs.back().width;
    }
  }

  constexpr void add_step(const fused_operation& op, std::size_t i) {
    const graph::operation_facts& facts = facts_of(op);
    if (values_.is_in_place(op)) return;
    each_value_made(op, [&](value_id v) { values_.take(v); });
    execution::step s;
    s.what = op.what;
    s.expression = op.expression;
    s.slot = op.slot;
    s.weight = op.weight;
    s.transposed = op.transposed;
    s.turned = op.turned;
    if (op.is_causal) s.causal_rows = static_cast<std::uint32_t>(op.work.image_columns());
    s.parameter = op.parameter;
    s.is_of_batch = graph::works_on_batch(g_, op);
    s.columns = static_cast<std::uint32_t>(op.work.columns());
    s.positions = static_cast<std::uint32_t>(op.work.positions());
    s.is_image =
        op.work.positions() > 1 || op.window != graph::window_id::none || facts.only_reshapes || op.has_right();
    if (s.is_image) place_walk(s, op);
    if (op.window != graph::window_id::none || facts.only_reshapes) place_window(s, op);
    if (op.is_pooled()) {
      const graph::window& pool = g_.windows[op.pool];
      s.pool = {pool.rows.size, pool.columns.size};
      s.keeps_places = op.places != value_id::none;
      s.reads_places = op.reads_places();
      if (s.reads_places) s.places = values_.image_of(op.places_read);
    }
    if (op.has_left() && !op.has_right()) place_product(s, op);
    s.arguments_begin = static_cast<std::uint32_t>(result.arguments.size());
    s.argument_count = static_cast<std::uint16_t>(op.inputs.size());
    if (facts.into == sum_into::matrix)
      place_factors(s, op);
    else
      for (const operand& x : op.inputs) result.arguments.push_back(argument_of(x, s, op));
    each_value_made(op, [&](value_id v) {
      result.arguments.push_back(argument_of(v, s, op));
      ++s.result_count;
    });
    if (op.has_right()) place_matrices(s, op);
    if (facts.is_sum()) place_sum(s, op);
    s.shared_by = execution::binding_of<T>(s).shared_by(s);
    s.kernel = static_cast<std::uint16_t>(kernel_of(s));
    result.steps.push_back(s);
    note_facts(s, facts);
    // Sums come last and make no rows: nobody takes memory any more.
    if (!facts.is_sum()) values_.release_after(op, i);
  }

  /// Rows of positions: all of a sample as one where no image has a border between them.
  constexpr void place_walk(execution::step& s, const fused_operation& op) const {
    bool is_even = true;
    const auto look = [&](value_id v) { is_even = is_even && values_.layout(v).is_even(); };
    each_value_read(op, look);
    each_value_made(op, look);
    const std::size_t rows = is_even ? 1 : op.work.image_rows();
    s.image_rows = static_cast<std::uint32_t>(rows);
    s.image_columns = static_cast<std::uint32_t>(op.work.positions() / rows);
  }

  constexpr void place_window(execution::step& s, const fused_operation& op) {
    const tensor::image_window w = image_window_of(g_, op);
    s.window = static_cast<std::uint32_t>(result.windows.size());
    for (std::size_t i = 0; i < result.windows.size(); ++i)
      if (result.windows[i] == w) s.window = static_cast<std::uint32_t>(i);
    if (s.window == result.windows.size()) result.windows.push_back(w);
  }

  constexpr void note_facts(const execution::step& s, const graph::operation_facts& facts) {
    if (!facts.is_sum()) result.row_steps = result.steps.size();
    if (facts.into == sum_into::loss) ++result.loss_steps;
    result.couples_batch = result.couples_batch || facts.sums_batch;
    result.draws_random_numbers = result.draws_random_numbers || facts.is_random;
    result.all_run_directly = result.all_run_directly && !s.is_of_batch && !s.is_image && !s.joins_products() &&
                              execution::binding_of<T>(s).runs_directly;
  }

  constexpr void place_product(execution::step& s, const fused_operation& op) {
    const execution::parameter_place& p = result.parameters.places[op.parameter];
    const bool turns_weight = op.transposed && !facts_of(op).keeps_columns_apart;
    s.groups = static_cast<std::uint32_t>(p.groups);
    s.depth = static_cast<std::uint32_t>(turns_weight ? p.taps * p.out / p.groups : p.in);
    s.left = values_.image_of(op.left);
    s.reads_parts = s.left.is_part;
    for (const operand& x : op.inputs)
      if (x.is_factor()) ++s.factors;
    s.taps = static_cast<std::uint32_t>(p.taps);
    s.is_narrow = p.is_narrow && !op.transposed;
    s.transposed = op.transposed && !p.is_narrow;
    s.parameter_offset = static_cast<std::uint32_t>(s.transposed && p.needs_transpose ? p.transposed_offset : p.offset);
    if (op.window == graph::window_id::none) return;
    const tensor::image_window w = image_window_of(g_, op);
    s.positions = w.made_rows * w.made_columns;
    if (s.reads_places)
      place_sparse_patterns(s, op, w);
    else
      place_patterns(s, w, op.transposed, values_.layout(op.left));
  }
  /// Of the gradient of an image from the numbers of a pool: those of the forward pass, over an image with the border
  /// that windows reach over. It is a scratch of the kernel.
  constexpr void place_sparse_patterns(execution::step& s, const fused_operation& op, const tensor::image_window& w) {
    const value_layout image = lay_out<T>(g_.shape(op.outputs[0]), border_for(w, false), false);
    s.image_rows = w.image_rows;
    s.image_columns = w.image_columns;
    s.row_step = static_cast<std::uint32_t>(image.row_step);
    s.column_step = static_cast<std::uint32_t>(image.column_step);
    place_patterns(s, w, false, image);
  }
  constexpr void place_patterns(execution::step& s, const tensor::image_window& w, bool is_back,
                                const value_layout& seen) {
    const window_walks walks = walks_of(w, is_back);
    s.patterns_begin = static_cast<std::uint32_t>(result.patterns.size());
    s.pattern_count = static_cast<std::uint32_t>(walks.rows.size() * walks.columns.size());
    for (const side_walk& y : walks.rows)
      for (const side_walk& x : walks.columns) {
        result.patterns.push_back(pattern_of(y, x, w, seen));
        result.patterns.back().channels /= s.groups;
      }
  }
  /// The gradient of a weight lies as the weight does: of a narrow one it is dy^T x.
  constexpr void place_factors(execution::step& s, const fused_operation& op) {
    const execution::parameter_place& p = result.parameters.places[op.parameter];
    s.groups = static_cast<std::uint32_t>(p.groups);
    s.depth = static_cast<std::uint32_t>(execution::packed_rows(p));
    s.columns = static_cast<std::uint32_t>(execution::packed_columns(p));
    if (op.window != graph::window_id::none) {
      const tensor::image_window w = image_window_of(g_, op);
      s.positions = w.made_rows * w.made_columns;
      place_patterns(s, w, false, values_.layout(op.inputs[0].value()));
      for (const operand& x : op.inputs) result.arguments.push_back(values_.image_of(x.value()));
      return;
    }
    for (std::size_t i = 0; i < op.inputs.size(); i += 2)
      for (const bool second : {p.is_narrow, !p.is_narrow})
        result.arguments.push_back(values_.rows_of(op.inputs[second ? i + 1 : i].value(), kernel::access::element));
    s.factors = static_cast<std::uint32_t>(op.inputs.size() / 2);
    for (const operand& x : op.inputs) s.reads_parts = s.reads_parts || values_.layout(x.value()).is_part;
    s.reads_given = values_.layout(op.inputs[0].value()).is_given;
  }

  /// Of a product of two values: of each place `row_step` leads from one matrix to the next.
  constexpr void place_matrices(execution::step& s, const fused_operation& op) {
    const tensor::matrices left = tensor::as_matrices(g_.shape(op.left), op.matrices),
                           made = tensor::as_matrices(op.work, op.matrices);
    s.left = matrices_of(op.left, op.matrices);
    s.right = matrices_of(op.right, op.matrices);
    s.image_rows = op.matrices;
    s.image_columns = static_cast<std::uint32_t>(made.rows);
    s.positions = s.image_rows * s.image_columns;
    s.columns = static_cast<std::uint32_t>(made.columns);
    s.depth = static_cast<std::uint32_t>(op.turned == tensor::transposed_factor::left_one ? left.rows : left.columns);
    if (made.are_stacked) return;
    for (std::size_t i = s.arguments_begin; i < result.arguments.size(); ++i) {
      const kernel::access how = result.arguments[i].how;
      const bool has_columns =
          how == kernel::access::element || how == kernel::access::range || how == kernel::access::column;
      result.arguments[i].row_step = has_columns ? s.columns : 0;
    }
  }
  constexpr execution::argument matrices_of(value_id v, std::size_t count) const {
    const tensor::matrices m = tensor::as_matrices(g_.shape(v), count);
    execution::argument a = values_.image_of(v);
    if (!m.are_stacked) a.row_step = static_cast<std::uint32_t>(m.columns);
    return a;
  }

  /// Where a sum goes.
  constexpr void place_sum(execution::step& s, const fused_operation& op) {
    switch (facts_of(op).into) {
    case sum_into::nothing:
    case sum_into::loss: return;
    case sum_into::observation: return place_observation(s);
    case sum_into::number: result.parameters.places[op.parameter].is_total = true; break;
    case sum_into::matrix:
    case sum_into::vector: break;
    }
    execution::parameter_place& p = result.parameters.places[op.parameter];
    s.parameter_offset = static_cast<std::uint32_t>(p.offset);
    s.first_contribution = p.contributions++ == 0;
    s.result_count = 1;
    result.arguments.push_back(
        {memory::gradients, kernel::access::column, s.parameter_offset, 0, static_cast<std::uint32_t>(p.out), 0, 0, 0});
  }
  constexpr void place_observation(execution::step& s) {
    const std::size_t sums = g_.expressions[s.expression].results.size();
    for (std::size_t k = 0; k < sums; ++k) {
      const std::size_t offset =
          result.observations[static_cast<std::size_t>(s.slot)] + k * kernel::padded<T>(s.columns);
      result.arguments.push_back(
          {memory::observations, kernel::access::column, static_cast<std::uint32_t>(offset), 0, s.columns, 0, 0, 0});
    }
    s.result_count = static_cast<std::uint16_t>(sums);
    s.first_contribution = true;
  }

  /// What an operation reads or makes. An operation over positions takes values of one position as repeated; one that
  /// moves a window takes each value as an image of its own.
  constexpr execution::argument argument_of(const operand& x, const execution::step& s,
                                            const fused_operation& op) const {
    using kernel::access;
    switch (x.from) {
    case graph::source::product: return {memory::none, access::product, 0, 0, s.columns, 0, 0, 0};
    case graph::source::uniform:
      return {memory::uniforms, access::scalar, static_cast<std::uint32_t>(x.which_uniform()), 0, 1, 0, 0, 0};
    case graph::source::parameter: {
      const auto offset = static_cast<std::uint32_t>(result.parameters.places[x.parameter()].offset);
      const auto size = static_cast<std::uint32_t>(g_.parameter_size(x.parameter()));
      return {memory::parameters, size == 1 ? access::scalar : access::column, offset, 0, size, 0, 0, 0};
    }
    case graph::source::factor: return values_.rows_of(x.value(), access::factor);
    case graph::source::value: break;
    }
    const value_id v = x.value();
    const graph::value& read = g_.values[v];
    const auto columns = static_cast<std::uint32_t>(read.shape.columns());
    if (read.is_of_batch) {
      const access how = columns == s.columns ? access::column : access::scalar;
      return {memory::batch, how, values_.place_of(v), 0, columns, 0, 0, 0};
    }
    const access how = columns != s.columns           ? access::row
                       : values_.begins_at_vectors(v) ? access::element
                                                      : access::range;
    if (!s.is_image) return values_.rows_of(v, how);
    execution::argument a = values_.image_of(v);
    a.how = how;
    if (!values_.layout(v).is_image() && op.work.positions() > 1) a.stride = a.row_step = 0;
    return a;
  }
  /// The number of the kernel that runs a step; steps that differ only in where they read and write share one.
  constexpr std::size_t kernel_of(const execution::step& s) {
    const execution::step* const steps = result.steps.begin();
    const int* const kernels = result.kernels.begin();
    // In a deep model it is likely that of the last operation of this kind.
    std::size_t& last = last_kernel_[static_cast<std::size_t>(s.what)];
    const std::size_t count = result.kernels.size();
    for (std::size_t n = 0; n < count; ++n) {
      const std::size_t k = n == 0 ? last : n <= last ? n - 1 : n;
      const execution::step& known = steps[kernels[k]];
      if (known.what == s.what && known.expression == s.expression && share_kernel(known, s)) return last = k;
    }
    result.kernels.push_back(static_cast<int>(result.steps.size()));
    return last = count;
  }
  /// Of steps of one kind with the same expression.
  constexpr bool share_kernel(const execution::step& a, const execution::step& b) const {
    if (a.is_image != b.is_image || a.pool != b.pool) return false;
    if (a.keeps_places != b.keeps_places || a.reads_places != b.reads_places) return false;
    if (a.reads_parts != b.reads_parts || a.pattern_count != b.pattern_count) return false;
    for (std::size_t i = 0; i < a.pattern_count; ++i)
      if (result.patterns[a.patterns_begin + i] != result.patterns[b.patterns_begin + i]) return false;
    if (a.argument_count != b.argument_count || a.result_count != b.result_count) return false;
    if (!execution::binding_of<T>(a).share_kernel(a, b)) return false;
    const execution::argument* const arguments = result.arguments.begin();
    for (std::size_t i = 0; i < a.argument_count; ++i)
      if (arguments[a.arguments_begin + i].how != arguments[b.arguments_begin + i].how) return false;
    return true;
  }

  graph::graph& g_;
  value_memory<T> values_;
  std::size_t last_kernel_[graph::kind_count]{};
};

} // namespace fusegrad::plan::inline FUSEGRAD_ABI
