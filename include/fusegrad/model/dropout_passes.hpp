// SPDX-License-Identifier: MIT
#pragma once

#include <fusegrad/model/errors.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/overlap.hpp>
#include <fusegrad/base/refuse.hpp>
#include <fusegrad/base/size_product.hpp>
#include <fusegrad/base/whole_samples.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/math/flush_to_zero.hpp>
#include <fusegrad/math/square_root.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/run/random_key.hpp>
#include <fusegrad/run/rows.hpp>
#include <fusegrad/run/run.hpp>
#include <fusegrad/run/slices.hpp>
#include <fusegrad/run/team.hpp>
#include <fusegrad/run/transposed_weights.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace fusegrad {

/// How often a sample goes through a model, and which masks it meets.
struct dropout_pass_options {
  std::size_t passes = 100; ///< 2 or more
  std::uint64_t seed = 0;   ///< the same seed draws the same masks
};

inline namespace FUSEGRAD_ABI {

/// Monte Carlo dropout: the mean of a model's outputs over many passes in which dropout hides units as in training, and
/// how far they scatter: how sure the model is of its answer. All other layers work as in inference. Gal and Ghahramani
/// 2016.
///
/// What is hidden in pass p follows from the seed, p, the sample's place among those of the call, and the layer: it is
/// what training with this seed hides in step p. Results do not depend on the number of threads.
template <any_model Model, class T = float> class dropout_passes {
  using compiled = plan::compiled<Model, plan::no_loss, plan::purpose::sample, T>;
  static constexpr auto& program = compiled::value;
  static constexpr double operations_per_sample = execution::costs_of<T>(program).operations;
  static constexpr std::size_t at_once = execution::samples_at_once<T>(program);
  static constexpr std::size_t capacity = at_once + kernel::row_slack;
  static_assert(
      sizeof(std::conditional_t<program.draws_random_numbers, diagnostics::no_fault, model_has_no_dropout<Model>>) > 0);

public:
  using number_type = T;
  static constexpr std::size_t input_size = Model::input_size();
  static constexpr std::size_t output_size = Model::output_size();

  /// The memory that `predict` works in; whoever calls it brings their own.
  class workspace {
  public:
    /// `threads` share the samples of a call; 0 takes as many as OpenMP offers and the work pays for. Throws
    /// std::invalid_argument for fewer than none, std::length_error where that takes more memory than there can be.
    explicit workspace(int threads = 1)
        : team_{threads},
          rows_(base::size_product("the workspaces of all threads", static_cast<std::size_t>(team_.size()), of_thread)),
          outputs_(base::size_product("the outputs of all threads", static_cast<std::size_t>(team_.size()), outputs)),
          sums_(base::size_product("the sums of all threads", static_cast<std::size_t>(team_.size()), 2 * outputs)) {}

  private:
    friend dropout_passes;
    static constexpr std::size_t outputs = capacity * output_size;
    static constexpr std::size_t of_thread = program.row_size * capacity;
    execution::team team_;
    tensor::buffer<T> rows_, outputs_;
    tensor::buffer<double> sums_; ///< means, then squares of distances from them
  };

  /// For each sample `output_size` numbers.
  struct result {
    std::vector<T> mean, deviation;
  };

  /// Throws std::invalid_argument for fewer than 2 passes.
  explicit dropout_passes(weights<Model, T> w, dropout_pass_options options = {})
      : weights_{std::move(w)}, options_{options}, transposed_{program.transposed_size} {
    if (options.passes < 2) base::refuse("fusegrad: outputs scatter over 2 passes or more, not %zu.", options.passes);
    if constexpr (program.transposed_size != 0)
      execution::transpose_weights(program, weights_.packed().data(), transposed_.data(), execution::member{});
  }

  /// Mean and standard deviation (over passes - 1) of the outputs for samples that stand one after the other,
  /// row-major, into room for output_size numbers for each. No memory is taken. Throws std::invalid_argument where
  /// sizes do not agree or places overlap, before anything is written.
  void predict(std::span<const T> samples, std::span<T> mean, std::span<T> deviation, workspace& memory) const {
    const std::size_t count = base::whole_samples(samples.size(), input_size);
    if (mean.size() < count * output_size || deviation.size() < count * output_size)
      base::refuse("fusegrad: %zu samples have %zu outputs; there is room for %zu means and %zu deviations.", count,
                   count * output_size, mean.size(), deviation.size());
    mean = mean.first(count * output_size);
    deviation = deviation.first(count * output_size);
    if (base::overlap<T>(samples, mean) || base::overlap<T>(samples, deviation) || base::overlap<T>(mean, deviation))
      base::refuse("fusegrad: samples, means and deviations need places of their own, and some of them overlap.");
    const double operations = static_cast<double>(count * options_.passes) * operations_per_sample;
    memory.team_.sized_for(operations).run([&](const execution::member& who) {
      const auto thread = static_cast<std::size_t>(who.rank);
      T* const rows = memory.rows_.data() + thread * workspace::of_thread;
      T* const outputs = memory.outputs_.data() + thread * workspace::outputs;
      double* const sums = memory.sums_.data() + thread * 2 * workspace::outputs;
      const auto mine = who.share(count, 4);
      for (std::size_t first = mine.begin, taken = 0; first < mine.end; first += taken) {
        taken = rows_of_tile(mine.end - first);
        sample_tile(samples.data() + first * input_size, first, taken, rows, outputs, sums);
        for (std::size_t i = 0; i < taken * output_size; ++i) {
          mean[first * output_size + i] = static_cast<T>(sums[i]);
          deviation[first * output_size + i] = static_cast<T>(deviation_of(sums[workspace::outputs + i]));
        }
      }
    });
  }
  /// The same, in memory of its own.
  [[nodiscard]] result predict(std::span<const T> samples, int threads = 0) const {
    const std::size_t size = base::whole_samples(samples.size(), input_size) * output_size;
    result out{std::vector<T>(size), std::vector<T>(size)};
    workspace memory(threads);
    predict(samples, out.mean, out.deviation, memory);
    return out;
  }

  [[nodiscard]] const weights<Model, T>& parameters() const noexcept { return weights_; }
  [[nodiscard]] const dropout_pass_options& options() const noexcept { return options_; }

private:
  [[nodiscard]] double deviation_of(double squares) const noexcept {
    return math::sqrt(squares / static_cast<double>(options_.passes - 1));
  }
  /// Never all but one: kernels sum a single row in another order, and where a thread's part ends must not show.
  static constexpr std::size_t rows_of_tile(std::size_t left) noexcept {
    if (left <= at_once) return left;
    constexpr std::size_t fewer = at_once > 4 ? at_once - 4 : at_once - 1;
    return left == at_once + 1 ? fewer : at_once;
  }

  /// All passes of some samples, `first` the place of the first among all; means and squares by Welford's recurrence,
  /// which loses no digits where outputs scatter little.
  void sample_tile(const T* samples, std::size_t first, std::size_t count, T* rows, T* outputs,
                   double* sums) const noexcept {
    const math::flush_to_zero mode;
    double *const mean = sums, *const squares = sums + workspace::outputs;
    for (std::size_t i = 0; i < count * output_size; ++i) mean[i] = squares[i] = 0;
    for (std::size_t pass = 0; pass < options_.passes; ++pass) {
      run_rows(samples, first, count, rows, outputs, execution::random_key(options_.seed, pass));
      for (std::size_t i = 0; i < count * output_size; ++i) {
        const double output = static_cast<double>(outputs[i]), distance = output - mean[i];
        mean[i] += distance / static_cast<double>(pass + 1);
        squares[i] += distance * (output - mean[i]);
      }
    }
  }

  void run_rows(const T* samples, std::size_t first, std::size_t count, T* rows, T* outputs,
                const base::philox_key& key) const noexcept {
    const T* given[execution::listed_rows(program, capacity) + 1];
    execution::load_rows<compiled, program.inputs.size()>(rows, given, capacity, 0, count, count,
                                                          [&](std::size_t i) { return samples + i * input_size; });
    execution::pass_memory<T> memory;
    memory.workspace = rows;
    memory.given = given;
    memory.capacity = capacity;
    memory.parameters = weights_.packed().data();
    memory.transposed = transposed_.data();
    memory.random_key = key;
    memory.first_sample = first;
    execution::run<compiled>(memory, count, false);
    execution::store_outputs<compiled>(rows, capacity, count, outputs);
  }

  weights<Model, T> weights_;
  dropout_pass_options options_;
  tensor::buffer<T> transposed_; ///< of the weights that are read from there
};

template <class Model, class T> dropout_passes(weights<Model, T>) -> dropout_passes<Model, T>;
template <class Model, class T> dropout_passes(weights<Model, T>, dropout_pass_options) -> dropout_passes<Model, T>;

} // namespace FUSEGRAD_ABI

} // namespace fusegrad
