// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/growing.hpp>
#include <fusegrad/graph/graph.hpp>
#include <fusegrad/kernel/call.hpp>
#include <fusegrad/kernel/panels.hpp>
#include <fusegrad/plan/arena.hpp>
#include <fusegrad/plan/fuse.hpp>
#include <fusegrad/plan/parameter_layout.hpp>
#include <initializer_list>

namespace fusegrad::plan::inline FUSEGRAD_ABI {

/// Which memory an argument or result lies in.
enum class memory : std::uint8_t { none, rows, parameters, uniforms, batch, observations };

/// One argument or result of a kernel call. In `rows` the offset counts numbers per sample: a workspace for n samples keeps a
/// value at n times its offset. In `batch` lie the values that a whole batch has in common.
struct argument {
  memory where = memory::none;
  kernel::access how = kernel::access::product;
  std::uint32_t offset = 0;
  std::uint32_t stride = 0;
  std::uint32_t width = 0;
};

/// One kernel call.
struct step {
  graph::kind what = graph::kind::input;
  bool has_product = false;
  bool transposed = false;
  bool is_narrow = false;          ///< product with a weight that is stored by outputs
  bool is_of_batch = false;        ///< works on one row for the whole batch
  bool first_contribution = false; ///< the first to write its gradient in a pass: it overwrites
  std::uint32_t depth = 0;         ///< product: the width of the left side; weight gradient: the inputs
  std::uint32_t columns = 0;
  std::uint32_t left = 0;          ///< row offset of the left side
  std::uint32_t right = 0;         ///< offset of the weight, or row offset of the right side of a weight gradient
  std::uint32_t gradient = 0;      ///< offset of the gradient
  std::int32_t expression = -1;
  std::int32_t slot = -1;
  std::int32_t parameter = -1;     ///< whose gradient is summed, or the weight of a product
  std::uint32_t arguments_begin = 0;
  std::uint16_t argument_count = 0;
  std::uint16_t result_count = 0;
  std::uint16_t kernel = 0;        ///< which of the distinct kernels runs it
};

/// Where a row that comes from outside goes to, or where the output is read.
struct row_place {
  std::uint32_t offset = 0;
  std::uint32_t width = 0;
};

/// A program while it is made: the kernel calls in order, with all memory assigned.
struct draft {
  growing<step> steps;
  growing<argument> arguments;
  growing<int> kernels; ///< for each distinct kernel the first step that needs it
  growing<expr::expression> expressions;
  growing<row_place> inputs;
  growing<row_place> outputs;
  parameter_layout parameters;
  std::size_t row_size = 0;  ///< numbers of workspace for each sample
  std::size_t batch_size = 0; ///< numbers that the whole batch has in common
  growing<std::size_t> observations; ///< where each observation begins; behind the last, how many numbers they take
  std::size_t row_steps = 0; ///< the steps before this one make rows; those from it on sum over samples
};

/// The end of the largest stretch of memory that places of 32 bits count in.
constexpr std::size_t largest_place(const draft& d) {
  std::size_t largest = d.parameters.size;
  for (std::size_t size : {d.parameters.transposed_size, d.row_size, d.batch_size, d.observations.back()})
    largest = size > largest ? size : largest;
  return largest;
}

/// Where each observation of a graph begins, by its number, and behind the last how many numbers they take. Each has some sums, one
/// after the other, each as wide as its layer and padded.
template <class T> constexpr growing<std::size_t> lay_out_observations(const graph::graph& g) {
  growing<std::size_t> offsets;
  offsets.resize(2 * g.marks.size());
  std::size_t size = 0;
  for (const graph::operation& op : g.operations) {
    if (op.what != graph::kind::observe) continue;
    offsets[static_cast<std::size_t>(op.slot)] = size;
    size += g.expressions[static_cast<std::size_t>(op.expression)].results.size() * kernel::padded<T>(g.width(op.inputs[0].index));
  }
  offsets.push_back(size);
  return offsets;
}

/// Assigns memory to fused operations: each value lives from the operation that makes it to the last that reads it.
template <class T> class drafting {
  template <class Visit> static constexpr void each_read(const fused_operation& op, Visit visit) {
    for (const operand& x : op.inputs)
      if (x.from == source::value) visit(static_cast<std::size_t>(x.index));
    if (op.has_product) visit(static_cast<std::size_t>(op.left));
  }

public:
  draft result;

  constexpr explicit drafting(graph::graph& g) : g_{g}, observations_{lay_out_observations<T>(g)} {
    const fusion fused(g);
    const growing<const fused_operation*> operations = in_order(fused.operations);
    result.parameters = lay_out_parameters<T>(g);
    result.expressions = g.expressions;
    offset_.resize(g.values.size());
    arena_ = arena(reuse_for(operations));
    find_last_reads(operations);
    place_inputs(operations);
    for (std::size_t i = 0; i < operations.size(); ++i)
      if (operations[i]->what != graph::kind::input) add_step(*operations[i], i);
    for (const graph::operand& out : g.outputs) result.outputs.push_back(row_place_of(out.index));
    result.row_size = arena_.size();
    result.observations = observations_;
  }

private:
  static constexpr std::size_t forever = static_cast<std::size_t>(-1);

  static constexpr bool is_sum_over_samples(graph::kind what) {
    return what == graph::kind::loss_term || what == graph::kind::weight_gradient || what == graph::kind::column_sum ||
           what == graph::kind::total_sum || what == graph::kind::observe;
  }

  /// First what makes rows, so that samples can be shared among threads; then the sums over samples, whose results can. Nothing reads
  /// a sum, so they may all come last: in reverse, since what was made last is nearest. The loss is summed first of all: whether a step
  /// is taken depends on it, and the sums of gradients may update weights as they are made.
  static constexpr growing<const fused_operation*> in_order(const growing<fused_operation>& made) {
    growing<const fused_operation*> out;
    for (const fused_operation& op : made)
      if (op.alive && !is_sum_over_samples(op.what)) out.push_back(&op);
    for (const bool is_loss : {true, false})
      for (std::size_t i = made.size(); i-- > 0;)
        if (made[i].alive && is_sum_over_samples(made[i].what) && (made[i].what == graph::kind::loss_term) == is_loss) out.push_back(&made[i]);
    return out;
  }

  /// Where gradients are summed, threads make rows of one workspace and do not wait for each other between steps. Rows of values that
  /// share memory must then lie in the same places: else one thread's row of the later value is another's row of the earlier.
  static constexpr reuse reuse_for(const growing<const fused_operation*>& operations) {
    for (const fused_operation* op : operations)
      if (is_sum_over_samples(op->what) && op->what != graph::kind::loss_term) return reuse::whole;
    return reuse::any;
  }

  constexpr void find_last_reads(const growing<const fused_operation*>& operations) {
    last_read_.resize(g_.values.size());
    for (std::size_t i = 0; i < operations.size(); ++i) each_read(*operations[i], [&](std::size_t v) { last_read_[v] = i; });
    for (const graph::operand& out : g_.outputs) last_read_[static_cast<std::size_t>(out.index)] = forever;
  }

  constexpr void place_inputs(const growing<const fused_operation*>& operations) {
    for (const fused_operation* op : operations) {
      if (op->what != graph::kind::input) continue;
      take(op->outputs[0]);
      result.inputs.push_back(row_place_of(op->outputs[0]));
    }
  }

  constexpr std::size_t row_width(int v) const { return kernel::row_stride<T>(g_.width(v)); }
  constexpr void take(int v) {
    std::size_t& offset = offset_[static_cast<std::size_t>(v)];
    if (!g_.is_of_batch(v)) {
      offset = arena_.take(row_width(v));
      return;
    }
    offset = result.batch_size;
    result.batch_size += kernel::padded<T>(g_.width(v));
  }
  constexpr void release(int v) {
    if (!g_.is_of_batch(v)) arena_.release(offset_[static_cast<std::size_t>(v)], row_width(v));
  }
  constexpr row_place row_place_of(int v) const {
    return {static_cast<std::uint32_t>(offset_[static_cast<std::size_t>(v)]), static_cast<std::uint32_t>(g_.width(v))};
  }

  constexpr void add_step(const fused_operation& op, std::size_t i) {
    for (int v : op.outputs) take(v);
    step s;
    s.what = op.what;
    s.has_product = op.has_product;
    s.transposed = op.transposed;
    s.expression = op.expression;
    s.slot = op.slot;
    s.columns = static_cast<std::uint32_t>(columns_of(op));
    s.is_of_batch = is_of_batch(op);
    if (op.has_product) place_product(s, op);
    if (!is_sum_over_samples(op.what)) result.row_steps = result.steps.size() + 1;
    if (op.what == graph::kind::weight_gradient) place_weight_gradient(s, op);
    else if (op.parameter >= 0 && !op.has_product) place_sum(s, op);
    s.arguments_begin = static_cast<std::uint32_t>(result.arguments.size());
    for (const operand& x : op.inputs) result.arguments.push_back(argument_of(x, s.columns));
    for (int v : op.outputs) result.arguments.push_back(argument_of({source::value, v}, static_cast<std::uint32_t>(g_.width(v))));
    s.argument_count = static_cast<std::uint16_t>(op.inputs.size());
    s.result_count = static_cast<std::uint16_t>(op.outputs.size());
    if (op.what == graph::kind::observe) place_observation(s);
    s.kernel = static_cast<std::uint16_t>(kernel_of(s));
    result.steps.push_back(s);
    // Sums come last and make no rows: nobody takes memory any more.
    if (!is_sum_over_samples(op.what)) release_after(op, i);
  }

  constexpr bool is_of_batch(const fused_operation& op) const {
    if (op.what == graph::kind::batch_sum) return false;
    if (!op.outputs.empty()) return g_.is_of_batch(op.outputs[0]);
    return op.inputs[0].from == source::value && g_.is_of_batch(op.inputs[0].index);
  }

  constexpr void place_observation(step& s) {
    const std::size_t sums = g_.expressions[static_cast<std::size_t>(s.expression)].results.size();
    for (std::size_t k = 0; k < sums; ++k) {
      const std::size_t offset = observations_[static_cast<std::size_t>(s.slot)] + k * kernel::padded<T>(s.columns);
      result.arguments.push_back({memory::observations, kernel::access::column, static_cast<std::uint32_t>(offset), 0, s.columns});
    }
    s.result_count = static_cast<std::uint16_t>(sums);
    s.first_contribution = true;
  }

  constexpr std::size_t columns_of(const fused_operation& op) const {
    const bool sums = op.outputs.empty() || op.what == graph::kind::row_sum;
    return g_.width(sums ? op.inputs[0].index : op.outputs[0]);
  }

  constexpr void place_product(step& s, const fused_operation& op) const {
    const parameter_place& p = result.parameters.places[static_cast<std::size_t>(op.parameter)];
    s.depth = static_cast<std::uint32_t>(op.transposed ? p.out : p.in);
    s.left = static_cast<std::uint32_t>(offset_[static_cast<std::size_t>(op.left)]);
    s.parameter = op.parameter;
    s.is_narrow = p.is_narrow && !op.transposed;
    s.transposed = op.transposed && !p.is_narrow;
    s.right = static_cast<std::uint32_t>(s.transposed ? p.transposed_offset : p.offset);
  }
  constexpr void place_weight_gradient(step& s, const fused_operation& op) {
    const parameter_place& p = result.parameters.places[static_cast<std::size_t>(op.parameter)];
    // The gradient lies as the weight does: of a narrow one it is dy^T x.
    const std::size_t left = p.is_narrow ? 1 : 0;
    s.depth = static_cast<std::uint32_t>(packed_rows(p));
    s.columns = static_cast<std::uint32_t>(packed_columns(p));
    s.left = static_cast<std::uint32_t>(offset_[static_cast<std::size_t>(op.inputs[left].index)]);
    s.right = static_cast<std::uint32_t>(offset_[static_cast<std::size_t>(op.inputs[1 - left].index)]);
    place_gradient(s, op.parameter);
  }
  constexpr void place_sum(step& s, const fused_operation& op) {
    s.left = static_cast<std::uint32_t>(offset_[static_cast<std::size_t>(op.inputs[0].index)]);
    place_gradient(s, op.parameter);
    if (op.what == graph::kind::total_sum) result.parameters.places[static_cast<std::size_t>(op.parameter)].is_total = true;
  }
  constexpr void place_gradient(step& s, int parameter) {
    parameter_place& p = result.parameters.places[static_cast<std::size_t>(parameter)];
    s.parameter = parameter;
    s.gradient = static_cast<std::uint32_t>(p.offset);
    s.first_contribution = p.contributions++ == 0;
  }

  constexpr argument argument_of(const operand& x, std::uint32_t columns) const {
    using kernel::access;
    const auto i = static_cast<std::size_t>(x.index);
    switch (x.from) {
    case source::product: return {memory::none, access::product, 0, 0, columns};
    case source::uniform: return {memory::uniforms, access::scalar, static_cast<std::uint32_t>(x.index), 0, 1};
    case source::parameter: {
      const auto offset = static_cast<std::uint32_t>(result.parameters.places[i].offset);
      const auto size = static_cast<std::uint32_t>(g_.parameter_size(x.index));
      return {memory::parameters, size == 1 ? access::scalar : access::column, offset, 0, size};
    }
    case source::value: break;
    }
    const auto width = static_cast<std::uint32_t>(g_.width(x.index));
    if (g_.is_of_batch(x.index))
      return {memory::batch, width == columns ? access::column : access::scalar, static_cast<std::uint32_t>(offset_[i]), 0, width};
    return {memory::rows, width == columns ? access::element : access::row, static_cast<std::uint32_t>(offset_[i]),
            static_cast<std::uint32_t>(row_width(x.index)), width};
  }

  constexpr void release_after(const fused_operation& op, std::size_t i) {
    for (std::size_t k = 0; k < op.inputs.size(); ++k) {
      const operand& x = op.inputs[k];
      bool seen = op.has_product && x.from == source::value && x.index == op.left;
      for (std::size_t j = 0; j < k; ++j) seen = seen || op.inputs[j] == x;
      if (x.from == source::value && !seen) release_if_last(x.index, i);
    }
    if (op.has_product) release_if_last(op.left, i);
    for (int v : op.outputs)
      if (last_read_[static_cast<std::size_t>(v)] == 0) release(v);
  }
  constexpr void release_if_last(int v, std::size_t i) {
    if (last_read_[static_cast<std::size_t>(v)] == i) release(v);
  }

  /// The number of the kernel that runs a step; steps that differ only in where they read and write share one.
  constexpr std::size_t kernel_of(const step& s) {
    for (std::size_t k = 0; k < result.kernels.size(); ++k)
      if (same_kernel(result.steps[static_cast<std::size_t>(result.kernels[k])], s)) return k;
    result.kernels.push_back(static_cast<int>(result.steps.size()));
    return result.kernels.size() - 1;
  }
  constexpr bool same_kernel(const step& a, const step& b) const {
    if (a.what != b.what || a.has_product != b.has_product || a.expression != b.expression) return false;
    if (a.argument_count != b.argument_count || a.result_count != b.result_count) return false;
    if (a.is_narrow != b.is_narrow || (a.is_narrow && a.columns != b.columns)) return false;
    const bool has_tiles = a.has_product || a.what == graph::kind::weight_gradient;
    if (has_tiles && !(kernel::tiles_for<T>(a.columns) == kernel::tiles_for<T>(b.columns))) return false;
    for (std::size_t i = 0; i < a.argument_count; ++i)
      if (result.arguments[a.arguments_begin + i].how != result.arguments[b.arguments_begin + i].how) return false;
    return true;
  }

  graph::graph& g_;
  growing<std::size_t> observations_;
  arena arena_;
  growing<std::size_t> offset_;
  growing<std::size_t> last_read_;
};

} // namespace fusegrad::plan
