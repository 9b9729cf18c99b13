// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/size_product.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/run/by_columns.hpp>
#include <fusegrad/run/direct.hpp>
#include <fusegrad/run/rows.hpp>
#include <fusegrad/run/slices.hpp>
#include <string_view>

namespace fusegrad {

/// How much an instance of a model can do, and stores.
enum class strength : std::uint8_t { inference, gradient, training };

namespace plan::inline FUSEGRAD_ABI {

/// Stands for any loss: the gradients of the outputs come from outside.
struct any_loss_at_all {
  static constexpr std::size_t term_count = 0;
  static constexpr void emit(graph::emitter& e, const graph::wire& outputs) {
    for (const graph::row& output : outputs) e.add_to_loss(output, graph::uniform::loss_scale);
  }
};

/// Facts of one layer of a model, for one sample.
struct layer_facts {
  std::string_view name;
  tensor::extents output;
  std::size_t parameters = 0;
  std::size_t forward_flops = 0;
  std::size_t kept = 0;                            ///< numbers made in this layer that backward reads
  std::size_t unseen_rows = 0, unseen_columns = 0; ///< at the end of an image, that no window of the layer sees
};

/// How a training step is run. None of it changes with the number of threads.
struct training_schedule {
  execution::slice_plan slices; ///< the parts of a batch that have a gradient of their own
  std::size_t chunk_rows = 0;   ///< samples that go forward and backward before weights are summed over them
  bool is_direct =
      false; ///< steps are functions of known sizes, and small ones for a single sample one function; else a table
};

} // namespace plan::inline FUSEGRAD_ABI

/// What is a fact of a model, whatever the number type and the batch: `model.plan()`. Everything here is a constant
/// expression.
template <class In, class Out, class... Layers> struct network_plan<model<In, Out, Layers...>> {
  static_assert(sizeof(typename plan::fault_of_model<model<In, Out, Layers...>>::error) > 0);

  using model_type = model<In, Out, Layers...>;
  static constexpr std::size_t layer_count = sizeof...(Layers);

  /// How many numbers are learned; shared ones count once.
  static constexpr std::size_t parameter_count() { return totals.parameters; }
  /// Floating-point operations forward, for one sample.
  static constexpr std::size_t forward_flops() { return totals.forward_flops; }
  /// Floating-point operations backward, for one sample, given the gradient of the output.
  static constexpr std::size_t backward_flops() { return totals.backward_flops; }
  /// Numbers for one sample that the forward pass makes and the backward pass reads, the model's input included.
  static constexpr std::size_t kept_numbers() { return totals.kept; }
  /// Name, output shape, parameters, operations and kept numbers of each layer.
  static constexpr const std::array<plan::layer_facts, layer_count>& layers() { return facts; }

  /// Bytes of an instance for batches of up to `batch` samples, on one thread: weights, what a pass works in, and for
  /// gradients and training the gradients of all slices and the transposed weights. `states` is how many numbers an
  /// update rule keeps for each weight: two for Adam. Throws std::length_error, or is no constant expression, where
  /// that is more than memory can hold.
  template <class T = float>
  static constexpr std::size_t bytes(strength of, std::size_t batch = 1, std::size_t states = 0) {
    using inferring = plan::compiled<model_type, plan::no_loss, plan::purpose::predict, T>;
    using training = plan::compiled<model_type, plan::any_loss_at_all, plan::purpose::train, T>;
    const std::size_t weights = inferring::value.parameter_size;
    const auto bytes_of = [](std::size_t numbers) { return base::size_product("the model", sizeof(T), numbers); };
    if (of == strength::inference)
      return bytes_of(weights + inferring::value.transposed_size + inferring::value.row_size * rows_at_once<T>(batch));
    const std::size_t row_size = training::value.row_size;
    const plan::training_schedule how = schedule<T>(batch);
    const std::size_t rows = base::size_product("the batch", row_size,
                                                execution::room_for_rows<T>(training::value, how.chunk_rows).capacity);
    const std::size_t gradient = weights * (1 + how.slices.count) + training::value.transposed_size + rows;
    if (of == strength::gradient) return bytes_of(gradient);
    return bytes_of(base::size_sum(gradient, base::size_product("the states", states, weights)));
  }

  /// Numbers of a sample that are copied to take another shape: where channels do not fill whole vectors.
  template <class T = float> static constexpr std::size_t copied_numbers() {
    constexpr auto& program = plan::compiled<model_type, plan::no_loss, plan::purpose::predict, T>::value;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < program.step_count; ++i) {
      const execution::step s = program.step_at(i);
      if (!graph::facts_of(s.what).only_reshapes) continue;
      const tensor::image_window& w = program.windows[s.window];
      copied += std::size_t{w.image_rows} * w.image_columns * program.argument_at(s.arguments_begin).width;
    }
    return copied;
  }
  /// How a training step for `batch` samples is run.
  template <class T = float> static constexpr plan::training_schedule schedule(std::size_t batch) {
    using training = plan::compiled<model_type, plan::any_loss_at_all, plan::purpose::train, T>;
    constexpr execution::slice_costs costs = execution::costs_of<T>(training::value);
    const std::size_t usual = execution::room_for_rows<T>(training::value, execution::chunk_rows(costs)).samples;
    const std::size_t rows = costs.couples_batch ? batch : usual;
    return {execution::plan_slices(batch, costs), rows, execution::is_direct<T>(training::value)};
  }

private:
  struct sums {
    std::size_t parameters = 0, forward_flops = 0, backward_flops = 0, kept = 0;
  };

  template <class T> static constexpr std::size_t rows_at_once(std::size_t batch) {
    constexpr auto& program = plan::compiled<model_type, plan::no_loss, plan::purpose::predict, T>::value;
    return batch == 1 ? 1 : execution::room_for_rows<T>(program, execution::samples_at_once<T>(program)).capacity;
  }

  static constexpr std::size_t size_of_parameters(const graph::graph& g) {
    std::size_t total = 0;
    for (const graph::parameter& p : g.parameters) total += p.is_trained ? p.shape.size() : 0;
    return total;
  }

  /// For each value whether the backward pass reads it.
  static constexpr numbered<graph::value_id, char> values_read_backward(const graph::graph& g) {
    numbered<graph::value_id, char> read;
    read.resize(g.values.size());
    for (std::size_t i = g.operations.size(); i-- > 0;) {
      const graph::operation& op = g.operations[i];
      // Another shape is the same numbers: what is kept is what it was made of.
      const bool is_kept = graph::facts_of(op).only_reshapes && read[op.outputs[0]] != 0;
      if (is_kept && i < g.forward_operations) read[op.outputs[0]] = 0;
      if (is_kept || i >= g.forward_operations)
        for (const graph::operand& x : op.inputs)
          if (x.is_value()) read[x.value()] = 1;
    }
    return read;
  }

  static constexpr void note_unseen(plan::layer_facts& layer, const graph::graph& g, const graph::operation& op) {
    if (op.window == graph::window_id::none || op.transposed) return;
    const graph::window& w = g.windows[op.window];
    const tensor::extents& image = g.shape(op.inputs[0]);
    layer.unseen_rows += w.rows.left_over(image.image_rows());
    layer.unseen_columns += w.columns.left_over(image.image_columns());
  }

  static constexpr sums totals = [] { // too many steps? clang++ -fconstexpr-steps=500000000
    const graph::graph g = plan::graph_of<model_type, plan::any_loss_at_all, plan::purpose::train>();
    const auto read = values_read_backward(g);
    sums total;
    total.parameters = size_of_parameters(g);
    const growing<char> needed = graph::needed_operations(g);
    for (std::size_t i = 0; i < g.operations.size(); ++i) {
      if (needed[i] == 0) continue;
      if (graph::facts_of(g.operations[i]).into == graph::sum_into::loss) continue; // of the loss, not of the model
      const bool forward = i < g.forward_operations;
      (forward ? total.forward_flops : total.backward_flops) +=
          graph::facts_of(g.operations[i]).flops(g, g.operations[i]);
      for (graph::value_id v : g.operations[i].outputs) total.kept += forward && read[v] != 0 ? g.width(v) : 0;
    }
    return total;
  }();

  static constexpr std::array<plan::layer_facts, layer_count> facts =
      [] { // too many steps? clang++ -fconstexpr-steps=500000000
        std::array<plan::layer_facts, layer_count> out{};
        if constexpr (layer_count > 0) {
          constexpr std::string_view names[] = {Layers::name...};
          constexpr wire (*emit_each[])(emitter&, const wire&,
                                        std::size_t) = {&fusegrad::layers::detail::emit_at<Layers>...};
          const graph::graph whole = plan::graph_of<model_type, plan::any_loss_at_all, plan::purpose::train>();
          const auto read = values_read_backward(whole);
          const growing<char> needed = graph::needed_operations(whole);
          emitter e(plan::emission_for(plan::purpose::train));
          wire w;
          for (std::size_t i = 0; i < In::count; ++i) w.push_back(e.input(In::list[i]));
          for (std::size_t i = 0; i < layer_count; ++i) {
            const std::size_t operations = e.result.operations.size(), parameters = size_of_parameters(e.result);
            w = emit_each[i](e, w, i);
            out[i].name = names[i];
            out[i].output = w[0].shape;
            out[i].parameters = size_of_parameters(e.result) - parameters;
            for (std::size_t k = operations; k < e.result.operations.size(); ++k) {
              if (needed[k] == 0) continue; // worked out behind a pool
              note_unseen(out[i], e.result, e.result.operations[k]);
              out[i].forward_flops += graph::facts_of(e.result.operations[k]).flops(e.result, e.result.operations[k]);
              for (graph::value_id v : e.result.operations[k].outputs)
                out[i].kept += read[v] != 0 ? e.result.width(v) : 0;
            }
          }
        }
        return out;
      }();
};

} // namespace fusegrad
