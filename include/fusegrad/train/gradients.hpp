// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/made_when_used.hpp>
#include <fusegrad/base/size_product.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/plan/fault_of_parameters.hpp>
#include <fusegrad/run/by_columns.hpp>
#include <fusegrad/run/direct.hpp>
#include <fusegrad/run/random_key.hpp>
#include <fusegrad/run/rows.hpp>
#include <fusegrad/run/slice_tree.hpp>
#include <fusegrad/run/slices.hpp>
#include <fusegrad/run/team.hpp>
#include <fusegrad/run/transposed_weights.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <fusegrad/train/batch_result.hpp>
#include <fusegrad/train/check_loss.hpp>
#include <fusegrad/train/check_terms.hpp>
#include <fusegrad/train/kept_gradient.hpp>
#include <fusegrad/train/load_targets.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/partial_result.hpp>
#include <fusegrad/train/predicted_class.hpp>
#include <fusegrad/train/samples.hpp>
#include <fusegrad/train/single_sample.hpp>
#include <fusegrad/train/slice_gradients.hpp>
#include <fusegrad/train/staged_samples.hpp>
#include <fusegrad/train/steps.hpp>
#include <fusegrad/train/uniforms.hpp>
#include <span>
#include <vector>

namespace fusegrad {

inline namespace FUSEGRAD_ABI {

/// The middle of the three strengths: computes the loss of a batch and its gradient with respect to every parameter,
/// and stores nothing for an optimiser. All memory is taken at construction, for the largest batch.
template <any_model Model, any_loss Loss, class T = float, plan::purpose For = plan::purpose::train> class gradients {
  using compiled = plan::compiled<Model, Loss, For, T>;
  using sample_numbers = std::span<const std::uint32_t>;
  static constexpr auto& program = compiled::value;
  static_assert(sizeof(typename plan::fault_of_parameters<Model, Loss, For, T>::error) > 0);
  static constexpr bool is_direct = execution::is_direct<T>(program);
  static constexpr bool is_by_columns = execution::is_by_columns<T>(program);

  // Those of the step that nobody observes: looking at a batch does not change how it is cut.
  static constexpr execution::slice_costs costs =
      execution::costs_of<T>(plan::compiled<Model, Loss, plan::purpose::train, T>::value);
  static constexpr bool draws_random_numbers = program.draws_random_numbers;
  static constexpr bool every_gradient_is_written =
      execution::every_parameter(program, [](const execution::parameter_place& p) { return p.contributions != 0; });
  /// Whether the sums over a slice can be added to those of another as they are made: the same bits as when they are
  /// added afterwards.
  static constexpr bool can_join_slices =
      program.observation_size == 0 &&
      execution::every_parameter(program, [](const execution::parameter_place& p) { return p.contributions <= 1; });
  static constexpr execution::row_room workspace_room =
      execution::room_for_rows<T>(program, execution::most_chunk_rows_for<Loss>(costs));
  static constexpr std::size_t usual_chunk_rows = workspace_room.samples, direct_capacity = workspace_room.capacity,
                               slack = workspace_room.capacity - workspace_room.samples;
  /// Threads share samples in as many.
  static constexpr std::size_t grain = is_by_columns ? static_cast<std::size_t>(math::native_lanes<T>) : 4;

public:
  using number_type = T;
  /// Whether samples of a batch depend on each other, as with batch normalisation.
  static constexpr bool couples_batch = costs.couples_batch;

  /// `threads` 0 takes what OpenMP offers and a batch pays for; the numbers do not depend on it. Below 0: refused.
  constexpr gradients(Model, Loss loss, std::size_t largest_batch, int threads = 1)
      : loss_{loss}, team_{threads}, largest_batch_{largest_batch},
        transposed_{base::size_product("the transposed weights", most_groups(largest_batch), program.transposed_size)},
        gradients_{most_slices(largest_batch), program.parameter_size}, results_{most_results(largest_batch)},
        workspaces_{base::size_product("what the samples of the largest batch are computed in",
                                       most_groups(largest_batch), program.row_size,
                                       base::size_sum(rows_of_chunk(largest_batch), slack))},
        given_rows_{most_groups(largest_batch) * execution::listed_rows(program, rows_of_chunk(largest_batch))},
        batch_{program.batch_size},
        observations_{base::size_product("what is observed in all slices", most_slices(largest_batch),
                                         program.observation_size)} {
    static_cast<void>(sizeof(typename decltype(fault_of_loss<Loss, Model>())::error));
  }

  [[nodiscard]] constexpr std::size_t largest_batch() const noexcept { return largest_batch_; }
  /// Which random numbers the next computation uses, where layers ask for some; each computation goes on to the next
  /// step.
  constexpr void use_random_numbers(std::uint64_t seed, std::uint64_t step = 0) noexcept {
    seed_ = seed;
    step_ = step;
  }
  /// How many computations there were since then, counted from the step that was given.
  [[nodiscard]] constexpr std::uint64_t random_step() const noexcept { return step_; }
  [[nodiscard]] constexpr std::uint64_t random_seed() const noexcept { return seed_; }
  /// The threads that a batch of this size is shared among; or the batches of so many `steps`, for which they begin
  /// once.
  [[nodiscard]] constexpr execution::team threads(std::size_t batch, std::size_t steps = 1) const noexcept {
    const double operations = static_cast<double>(batch) * costs.operations;
    if (steps == 1 || execution::slices_for<Loss>(batch, costs).count == 1) return team_.sized_for(operations);
    return team_.sized_for(operations, execution::machine::operations_for_two_slices);
  }
  [[nodiscard]] constexpr const Loss& loss() const noexcept { return loss_; }

  /// Loss and gradient of the samples named by `indices`, at most largest_batch of them. The gradient is then read by
  /// name, or as a whole from `packed`. Throws std::invalid_argument where samples do not fit; the gradient is then as
  /// it was.
  template <sample_source Samples>
  constexpr batch_result compute(const weights<Model, T>& w, const Samples& samples, sample_numbers indices) {
    check(samples, indices);
    return with_rows(samples, indices, [&](const auto& rows, auto names) { return compute_only(w, rows, names); });
  }

  /// The same of samples that were checked and are read in place.
  template <sample_source Samples>
  constexpr batch_result compute_only(const weights<Model, T>& w, const Samples& samples,
                                      sample_numbers indices) noexcept {
    return compute_checked(w, samples, indices, train::kept_gradient<T>{program.parameter_size});
  }

  /// Throws std::invalid_argument where these samples are no batch for the model, the loss, or the memory that was
  /// taken.
  template <sample_source Samples> constexpr void check(const Samples& samples, sample_numbers indices) const {
    train::sample_checks<Model, Loss>::batch(samples, indices, couples_batch);
    if (indices.size() > largest_batch_)
      base::refuse("fusegrad: the gradients were made for batches of up to %zu samples; %zu were given.",
                   largest_batch_, indices.size());
  }

  /// Calls `use(rows, indices)` with samples that threads may read in place: these, or copies where a source makes rows
  /// as they are asked for. Throws what such a source throws.
  template <sample_source Samples, class Use>
  constexpr batch_result with_rows(const Samples& samples, sample_numbers indices, Use&& use) {
    if constexpr (train::is_read_in_place<Samples, T>) {
      return use(samples, indices);
    } else {
      train::staged_samples<T>& staged = staged_.get();
      staged.take(samples, indices, team_);
      return use(staged.template view<plan::has_terms<Loss>, plan::weighs_samples<Loss>>(), staged.indices());
    }
  }

  /// What `compute` does, for samples that were checked and are read in place; and what comes of it: `update` uses the
  /// gradients of weights as they are made where it can (`can_fuse`), and its `finish` is called on every thread when
  /// all of the batch is summed up; neither where it does not accept the loss.
  template <sample_source Samples, class Update>
  constexpr batch_result compute_checked(const weights<Model, T>& w, const Samples& samples, sample_numbers indices,
                                         Update&& update) noexcept {
    train::one_step<Update> course{update};
    run_steps(w, samples, indices, indices.size(), course);
    return course.result;
  }

  /// Many such steps, on `batch` samples each and what is left of `order` on the last: `course.begin()` is called
  /// before each, `course.update()` is what uses its gradients, and `course.end(result, samples)` says whether it goes
  /// on. What surrounds the step of a single sample is done once for all of them; threads are begun once for some.
  template <sample_source Samples, class Course>
  constexpr void run_steps(const weights<Model, T>& w, const Samples& samples, sample_numbers order, std::size_t batch,
                           Course& course) noexcept {
    static_assert(train::is_read_in_place<Samples, T>);
    if constexpr (is_direct)
      if (batch == 1 && !__builtin_is_constant_evaluated()) return run_single_steps(w, samples, order, course);
    run_batches(w, samples, order, batch < order.size() ? batch : order.size(), course);
  }

  /// The gradient, packed like the weights.
  [[nodiscard]] constexpr std::span<T> packed() noexcept { return {gradients_.at(0), program.parameter_size}; }

  /// The sums that were observed in a slice of the last batch; see graph/observation.hpp.
  [[nodiscard]] constexpr std::span<const T> observations(std::size_t slice) const noexcept {
    return {observations_.data() + slice * program.observation_size, program.observation_size};
  }
  /// How many slices the last batch was cut into.
  [[nodiscard]] constexpr std::size_t slice_count() const noexcept { return slices_.count; }

  /// The gradient of a parameter, row-major. Of a state that is not learned, such as a running mean: its next value.
  /// Throws std::out_of_range for an unknown name.
  [[nodiscard]] std::vector<T> read(std::string_view name) const {
    const std::size_t p = weights<Model, T>::index_of(name);
    std::vector<T> out(weights<Model, T>::parameter_size(name));
    execution::unpack(program.parameters[p], gradients_.whole(), out.data());
    return out;
  }

private:
  static constexpr std::size_t most_slices(std::size_t batch) { return execution::most_slices_for<Loss>(batch, costs); }
  /// Samples that couple each other go through every step together.
  static constexpr std::size_t rows_of_chunk(std::size_t largest_batch) {
    return couples_batch ? largest_batch : usual_chunk_rows;
  }
  constexpr std::size_t chunk_rows() const noexcept {
    return couples_batch ? largest_batch_ : is_by_columns ? usual_chunk_rows : execution::chunk_rows_for<Loss>(costs);
  }
  constexpr std::size_t capacity() const noexcept {
    return is_direct ? direct_capacity : rows_of_chunk(largest_batch_) + slack;
  }

  constexpr void take_random_key() noexcept {
    if constexpr (draws_random_numbers) random_key_ = execution::random_key(seed_, step_++);
  }

  constexpr std::size_t threads_at_most() const { return static_cast<std::size_t>(team_.size()); }
  constexpr std::size_t most_groups(std::size_t batch) const {
    return most_slices(batch) < threads_at_most() ? most_slices(batch) : threads_at_most();
  }
  constexpr std::size_t most_results(std::size_t batch) const {
    return most_slices(batch) > threads_at_most() ? most_slices(batch) : threads_at_most();
  }
  constexpr double loss_of_slices() const noexcept { return train::sum_of_losses(results_.data(), slices_.count); }
  constexpr T* transposed_of(std::size_t group) noexcept {
    return transposed_.data() + group * program.transposed_size;
  }
  /// Whether large weights are transposed as they are read: where they are read once in a step.
  constexpr bool turns_late() const noexcept {
    return !is_direct && !__builtin_is_constant_evaluated() && slices_.count == 1 && slices_.rows <= chunk_rows();
  }
  /// Whether slices are added as they are made: where the sums over one are not added up in several parts.
  constexpr bool joins_slices() const noexcept { return can_join_slices && slices_.rows <= chunk_rows(); }
  /// Whether the last sums that are made are those over the whole batch.
  constexpr bool is_fused(int threads) const noexcept {
    return slices_.count == 1 || (slices_.count == 2 && threads == 1 && joins_slices());
  }

  // Else a penalty that was added to one in the last step would be there still.
  constexpr void clear_gradients_that_nothing_writes() noexcept {
    if constexpr (every_gradient_is_written) return;
    for (const execution::parameter_place& p : program.parameters)
      if (p.contributions == 0)
        for (std::size_t i = 0; i < execution::packed_size<T>(p); ++i) gradients_.at(0)[p.offset + i] = T{};
  }

  constexpr execution::pass_memory<T> memory_for(const weights<Model, T>& w, std::size_t workspace, std::size_t slice,
                                                 T* gradient, double& loss) noexcept {
    execution::pass_memory<T> memory;
    memory.workspace = workspaces_.data() + workspace * program.row_size * capacity();
    memory.given = given_rows_.data() + workspace * execution::listed_rows(program, chunk_rows());
    memory.capacity = capacity();
    memory.parameters = w.packed().data();
    memory.transposed = transposed_of(workspace);
    if (turns_late()) memory.turned = transposed_of(workspace);
    memory.gradients = gradient;
    memory.uniforms = uniforms_.data();
    memory.loss = &loss;
    memory.batch = batch_.data();
    memory.observations = observations_.data() + slice * program.observation_size;
    memory.random_key = random_key_;
    memory.first_sample = slice * slices_.rows;
    return memory;
  }

  template <class Samples, class Course>
  constexpr void begin_step(Course& course, execution::slice_plan slices, const Samples& samples,
                            sample_numbers indices) noexcept {
    course.begin();
    slices_ = slices;
    train::set_uniforms<Model, T>(uniforms_, loss_, samples, indices);
    clear_gradients_that_nothing_writes();
    take_random_key();
  }

  template <class Samples, class Course>
  void run_single_steps(const weights<Model, T>& w, const Samples& samples, sample_numbers order,
                        Course& course) noexcept {
    const math::flush_to_zero mode;
    for (const std::uint32_t sample : order)
      if (!run_single_step(w, samples, sample, course)) return;
  }
  // A function of its own: in a loop GCC works out every address once, and keeps it on the stack.
  template <class Samples, class Course>
  [[gnu::noinline]] bool run_single_step(const weights<Model, T>& w, const Samples& samples, std::uint32_t sample,
                                         Course& course) noexcept {
    begin_step(course, {1, 1}, samples, {&sample, 1});
    double loss = 0;
    const execution::pass_memory<T> memory = memory_for(w, 0, 0, gradients_.at(0), loss);
    return course.end(train::step_on_sample<compiled, Model>(memory, loss_, samples, sample, course.update()), 1);
  }

  /// Steps on many samples, which threads share.
  template <class Samples, class Course>
  constexpr void run_batches(const weights<Model, T>& w, const Samples& samples, sample_numbers order,
                             std::size_t batch, Course& course) noexcept {
    // Each is met at by groups of another size where a batch has fewer slices; all threads meet in between.
    std::array<execution::barrier, execution::most_slices> meetings;
    const auto begin = [&](sample_numbers indices) {
      begin_step(course, execution::slices_for<Loss>(indices.size(), costs), samples, indices);
      for (train::partial_result& r : results_) r = {};
    };
    const auto end = [&](sample_numbers indices) {
      return course.end(train::result_of(results_, slices_.count, course.update()), indices.size());
    };
    const auto take = [&](const execution::member& who, sample_numbers indices) {
      compute_part(w, samples, indices, course.update(), who, meetings.data());
    };
    const std::size_t together = batch < order.size() ? execution::steps_together(batch, costs) : 1;
    while (!order.empty())
      order = train::share_steps(threads(batch, together), order, batch, together, begin, end, take);
  }
  /// A thread's part of a step.
  template <class Samples, class Update>
  constexpr void compute_part(const weights<Model, T>& w, const Samples& samples, sample_numbers indices,
                              const Update& update, const execution::member& who,
                              execution::barrier* meetings) noexcept {
    const execution::slice_tree tree(slices_.count, static_cast<std::size_t>(who.size));
    const auto groups = static_cast<int>(tree.groups());
    const auto group = static_cast<std::size_t>(who.group(groups));
    const execution::member in_group = who.in_group(groups, &meetings[group < execution::most_slices ? group : 0]);
    // Each group has a copy of its own: it would wait longer for what another core has just written.
    if constexpr (!is_by_columns) {
      execution::transpose_weights(program, w.packed().data(), transposed_of(group), in_group, turns_late());
      in_group.wait_for_all();
    }
    const bool fused = update.can_fuse() && !is_by_columns && is_fused(who.size);
    for (std::size_t slice = tree.first_of(group); slice < tree.first_of(group + 1); ++slice) {
      const std::size_t begin = slice * slices_.rows, left = indices.size() - begin;
      const bool joined = joins_slices() && tree.is_added_to_neighbour(slice, group);
      run_slice(w, samples, {indices.data() + begin, left < slices_.rows ? left : slices_.rows}, slice, joined,
                gradients_.at(tree.place_of(slice - (joined ? 1 : 0), group)), group, in_group,
                results_[static_cast<std::size_t>(who.rank)].correct,
                fused && slice + 1 == slices_.count ? &update : nullptr);
      tree.each_sum_after(slice, group, [&](std::size_t to, std::size_t from) {
        if (!joined || from != slice) gradients_.add(tree.place_of(to, group), tree.place_of(from, group));
      });
    }
    who.wait_for_all();
    if (update.accepts(loss_of_slices()))
      update.finish(who, fused, [&](std::size_t begin, std::size_t end, T* room) {
        return gradients_.sum(tree, begin, end, room);
      });
  }

  /// A thread's part of a slice, chunk by chunk: some of the rows, then some of the weights. What it adds up in
  /// `gradient` is `joined` with what is there, of the slice before it.
  template <class Samples, class Update>
  constexpr void run_slice(const weights<Model, T>& w, const Samples& samples, sample_numbers indices,
                           std::size_t slice, bool joined, T* gradient, std::size_t workspace,
                           const execution::member& who, std::size_t& correct, const Update* update) noexcept {
    // One thread of the group sums the loss, the same one for each chunk.
    execution::pass_memory<T> memory = memory_for(w, workspace, slice, gradient, results_[slice].loss);
    const std::size_t most_rows = chunk_rows(), first_sample = memory.first_sample;
    for (std::size_t first = 0; first < indices.size(); first += most_rows) {
      const std::size_t rows = indices.size() - first < most_rows ? indices.size() - first : most_rows;
      memory.first_sample = first_sample + first;
      const auto mine = who.share(rows, grain);
      correct += run_rows(memory, samples, {indices.data() + first, rows}, mine.begin, mine.end, who);
      who.wait_for_all();
      const bool is_last = first + rows == indices.size();
      execution::run_planned_loss<compiled, direct_capacity>(memory, rows, who);
      if (is_last && update != nullptr) {
        // The sums may change weights as they are made: not if it was all for nothing.
        who.wait_for_all();
        if (!update->accepts(loss_of_slices())) return;
      }
      execution::run_planned_sums<compiled, direct_capacity>(memory, rows, joined || first != 0, who,
                                                             is_last ? update : nullptr);
      if (!is_last) who.wait_for_all();
    }
  }

  /// Forward and backward for a thread's samples of a chunk, without the sums over samples. Gives back how many classes
  /// were predicted.
  template <class Samples>
  constexpr std::size_t run_rows(execution::pass_memory<T> memory, const Samples& samples, sample_numbers chunk,
                                 std::size_t begin, std::size_t end, const execution::member& who) const noexcept {
    const auto index = [&](std::size_t i) { return static_cast<std::size_t>(chunk[i]); };
    const auto sample = [&](std::size_t i) { return samples.input(index(i)).data(); };
    if constexpr (is_by_columns)
      execution::load_columns<compiled, Model::input_count(), direct_capacity>(memory.workspace, begin, end, sample);
    else
      execution::load_rows<compiled, Model::input_count()>(memory.workspace, memory.given, memory.capacity, begin, end,
                                                           chunk.size(), sample);
    train::load_targets<compiled, Model, is_by_columns>(memory.workspace, memory.capacity, begin, end, samples, index,
                                                        loss_);
    execution::run_planned_rows<compiled, direct_capacity>(memory, chunk.size(), begin, end, who);
    return train::count_correct<Model, Loss, is_by_columns>(program.outputs[0], memory.workspace, memory.capacity,
                                                            samples, index, begin, end);
  }

  Loss loss_;
  execution::team team_;
  std::size_t largest_batch_;
  execution::slice_plan slices_{};
  std::uint64_t seed_ = 0, step_ = 0;
  base::philox_key random_key_{};
  tensor::buffer<T> transposed_;
  train::slice_gradients<T> gradients_;
  tensor::buffer<train::partial_result> results_;
  tensor::buffer<T> workspaces_;
  tensor::buffer<const T*> given_rows_;
  tensor::buffer<T> batch_;
  tensor::buffer<T> observations_;
  base::made_when_used<train::staged_samples<T>> staged_;
  std::array<T, graph::uniform_count> uniforms_{};
};

} // namespace FUSEGRAD_ABI

} // namespace fusegrad
