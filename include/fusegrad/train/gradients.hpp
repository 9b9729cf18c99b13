// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/plan/lanes.hpp>
#include <fusegrad/plan/rows.hpp>
#include <fusegrad/plan/run.hpp>
#include <fusegrad/plan/team.hpp>
#include <fusegrad/plan/weights.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <fusegrad/train/loss.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/predicted_class.hpp>
#include <fusegrad/train/samples.hpp>
#include <span>
#include <vector>

namespace fusegrad {

namespace train {

/// Copies targets to where a program reads them: real targets as they are, class labels as the loss encodes them.
template <class Loss, class T, class Samples, class Index>
constexpr void load_targets(const plan::row_place& place, T* workspace, std::size_t capacity, std::size_t count, const Samples& samples,
                            const Index& index, const Loss& loss) {
  const std::size_t stride = kernel::padded<T>(place.width);
  for (std::size_t i = 0; i < count; ++i) {
    T* to = workspace + place.offset * capacity + i * stride;
    if (samples.has_labels()) {
      loss.encode(samples.label(index(i)), to, place.width);
    } else {
      const auto target = samples.target(index(i));
      for (std::size_t k = 0; k < place.width; ++k) to[k] = static_cast<T>(target[k]);
      loss.adjust(to, place.width);
    }
    for (std::size_t k = place.width; k < stride; ++k) to[k] = T{};
  }
}

/// What is added up over the samples of a lane.
struct alignas(64) lane_result {
  double loss = 0;
  std::size_t correct = 0; ///< samples whose class is predicted
};

} // namespace train

/// The loss of a batch, and how many of its classes were predicted.
struct batch_result {
  double loss = 0;
  std::size_t correct = 0;
};

/// The middle of the three strengths: computes the loss of a batch and its gradient with respect to every parameter, and
/// stores nothing for an optimiser. All memory is taken at construction, for the largest batch.
template <any_model Model, any_loss Loss, class T = float> class gradients {
  using compiled = plan::compiled<Model, Loss, plan::purpose::train, T>;
  static constexpr auto& program = compiled::value;
  static constexpr std::size_t tile_rows = plan::tile_rows(program.row_size * sizeof(T));
  static constexpr std::size_t capacity = tile_rows + kernel::row_slack;
  static constexpr std::size_t most_lanes = plan::most_lanes(program.parameter_size * sizeof(T));

  /// Of the matrix products, forward and backward.
  static constexpr double operations_per_sample = [] {
    double total = 0;
    for (const plan::step& s : program.steps) total += 2.0 * s.depth * s.columns;
    return total;
  }();

public:
  using number_type = T;

  /// `threads` 0 takes what OpenMP offers and a batch pays for; the numbers do not depend on it.
  constexpr gradients(Model, Loss loss, std::size_t largest_batch, int threads = 1)
      : loss_{loss}, team_{threads}, largest_batch_{largest_batch}, transposed_{program.transposed_size},
        lanes_{plan::plan_lanes(largest_batch, most_lanes).count * program.parameter_size}, results_{most_lanes},
        workspaces_{static_cast<std::size_t>(team_.size()) * program.row_size * capacity} {
    check_loss<Loss, Model>();
  }

  [[nodiscard]] constexpr std::size_t largest_batch() const noexcept { return largest_batch_; }
  /// The threads that a batch of this size is shared among.
  [[nodiscard]] constexpr plan::team threads(std::size_t batch) const noexcept {
    return team_.sized_for(static_cast<double>(batch) * operations_per_sample);
  }
  [[nodiscard]] constexpr const Loss& loss() const noexcept { return loss_; }

  /// Loss and gradient of the samples named by `indices`, at most largest_batch of them. The gradient is then read by name, or
  /// as a whole from `packed`. Classes and sizes are checked by `trainer`; here they are the caller's promise.
  template <sample_source Samples>
  constexpr batch_result compute(const weights<Model, T>& w, const Samples& samples, std::span<const std::uint32_t> indices) noexcept {
    const plan::lane_plan lanes = plan::plan_lanes(indices.size(), most_lanes);
    if (lanes.count == 0) return {};
    set_uniforms(samples, indices);
    clear_gradients_that_nothing_writes();
    const plan::team team = threads(indices.size());
    team.run([&](int rank, int size) {
      for (std::size_t p = 0; p < program.parameter_count; ++p) transpose(program.parameters[p], w.packed().data(), rank, size);
    });
    team.run([&](int rank, int size) {
      for (auto lane = static_cast<std::size_t>(rank); lane < lanes.count; lane += static_cast<std::size_t>(size))
        run_lane(w, samples, indices, lanes, lane, workspaces_.data() + static_cast<std::size_t>(rank) * program.row_size * capacity);
    });
    lane_count_ = lanes.count;
    batch_result total;
    for (std::size_t lane = 0; lane < lanes.count; ++lane) {
      total.loss += results_[lane].loss;
      total.correct += results_[lane].correct;
    }
    return total;
  }

  /// Adds the lanes of a stretch of the packed gradient, in a fixed tree; the sum stands in the first lane.
  constexpr void reduce(std::size_t begin, std::size_t end) noexcept {
    for (std::size_t step = 1; step < lane_count_; step *= 2)
      for (std::size_t lane = 0; lane + step < lane_count_; lane += 2 * step) {
        T* to = lanes_.data() + lane * program.parameter_size;
        const T* from = lanes_.data() + (lane + step) * program.parameter_size;
        for (std::size_t i = begin; i < end; ++i) to[i] += from[i];
      }
  }
  /// The whole of it at once, for those who read gradients by name.
  constexpr void reduce() noexcept { reduce(0, program.parameter_size); }

  /// The gradient, packed like the weights; valid after `reduce`.
  [[nodiscard]] constexpr std::span<T> packed() noexcept { return {lanes_.data(), program.parameter_size}; }

  /// The gradient of a parameter, row-major; valid after `reduce`. Throws std::out_of_range for an unknown name.
  [[nodiscard]] std::vector<T> read(std::string_view name) const {
    const std::size_t p = weights<Model, T>::index_of(name);
    std::vector<T> out(weights<Model, T>::parameter_size(name));
    plan::unpack(program.parameters[p], lanes_.data(), out.data());
    return out;
  }

private:
  // Else a penalty that was added to one in the last step would be there still.
  constexpr void clear_gradients_that_nothing_writes() noexcept {
    for (const plan::parameter_place& p : program.parameters)
      if (!p.has_gradient)
        for (std::size_t i = 0; i < p.in * kernel::padded<T>(p.out); ++i) lanes_[p.offset + i] = T{};
  }

  template <class Samples> constexpr void set_uniforms(const Samples& samples, std::span<const std::uint32_t> indices) noexcept {
    uniforms_[static_cast<std::size_t>(graph::uniform::one_over_batch)] = static_cast<T>(1 / static_cast<double>(indices.size()));
    uniforms_[static_cast<std::size_t>(graph::uniform::loss_scale)] =
        static_cast<T>(1 / loss_.normaliser(samples, indices, program.outputs[0].width));
  }

  constexpr void transpose(const plan::parameter_place& p, const T* packed, int rank, int size) noexcept {
    if (!p.needs_transpose) return;
    const std::size_t from_stride = kernel::padded<T>(p.out), to_stride = kernel::padded<T>(p.in);
    const T* from = packed + p.offset;
    T* to = transposed_.data() + p.transposed_offset;
    constexpr std::size_t block = 16;
    for (std::size_t o = static_cast<std::size_t>(rank) * block; o < p.out; o += static_cast<std::size_t>(size) * block)
      for (std::size_t i = 0; i < p.in; i += block)
        for (std::size_t row = o; row < p.out && row < o + block; ++row)
          for (std::size_t column = i; column < p.in && column < i + block; ++column)
            to[row * to_stride + column] = from[column * from_stride + row];
  }

  template <class Samples>
  constexpr void run_lane(const weights<Model, T>& w, const Samples& samples, std::span<const std::uint32_t> indices,
                          const plan::lane_plan& lanes, std::size_t lane, T* workspace) noexcept {
    plan::pass_memory<T> memory;
    memory.workspace = workspace;
    memory.capacity = capacity;
    memory.parameters = w.packed().data();
    memory.transposed = transposed_.data();
    memory.gradients = lanes_.data() + lane * program.parameter_size;
    memory.uniforms = uniforms_;
    train::lane_result result;
    memory.loss = &result.loss;
    const std::size_t begin = lane * lanes.rows;
    const std::size_t end = begin + lanes.rows < indices.size() ? begin + lanes.rows : indices.size();
    for (std::size_t first = begin; first < end; first += tile_rows) {
      const std::size_t rows = end - first < tile_rows ? end - first : tile_rows;
      const auto index = [&](std::size_t i) { return static_cast<std::size_t>(indices[first + i]); };
      load(samples, index, workspace, rows);
      plan::run<compiled>(memory, rows, first != begin);
      if (samples.has_labels()) result.correct += count_correct(samples, index, workspace, rows);
    }
    results_[lane] = result;
  }

  template <class Samples, class Index>
  constexpr void load(const Samples& samples, const Index& index, T* workspace, std::size_t rows) const noexcept {
    constexpr std::size_t inputs = program.inputs.size() - 1;
    std::array<plan::row_place, inputs> places{};
    for (std::size_t i = 0; i < inputs; ++i) places[i] = program.inputs[i];
    plan::load_rows(places, workspace, capacity, rows, [&](std::size_t i) { return samples.input(index(i)).data(); });
    train::load_targets(program.inputs[inputs], workspace, capacity, rows, samples, index, loss_);
  }

  template <class Samples, class Index>
  constexpr std::size_t count_correct(const Samples& samples, const Index& index, const T* workspace, std::size_t rows) const noexcept {
    const plan::row_place& place = program.outputs[0];
    const T* outputs = workspace + place.offset * capacity;
    std::size_t correct = 0;
    for (std::size_t i = 0; i < rows; ++i)
      correct += train::predicted_class(outputs + i * kernel::padded<T>(place.width), place.width, Loss::decision_threshold) ==
                 samples.label(index(i));
    return correct;
  }

  Loss loss_;
  plan::team team_;
  std::size_t largest_batch_;
  std::size_t lane_count_ = 0;
  tensor::buffer<T> transposed_;
  tensor::buffer<T> lanes_;
  tensor::buffer<train::lane_result> results_;
  tensor::buffer<T> workspaces_;
  T uniforms_[graph::uniform_count]{};
};

} // namespace fusegrad
