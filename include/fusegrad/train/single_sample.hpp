// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/math/vector.hpp>
#include <fusegrad/run/direct.hpp>
#include <fusegrad/run/rows.hpp>
#include <fusegrad/run/team.hpp>
#include <fusegrad/train/batch_result.hpp>
#include <fusegrad/train/kept_gradient.hpp>
#include <fusegrad/train/load_targets.hpp>
#include <fusegrad/train/predicted_class.hpp>

namespace fusegrad::train::inline FUSEGRAD_ABI {

/// What an update has left to do behind a step on one sample: hardly ever anything. A function of its own with a copy,
/// which is made for it alone: else the step would have all of that in memory.
template <class Update, class T> [[gnu::noinline]] bool finish_sample(Update update, bool fused, T* gradient) noexcept {
  update.finish(execution::member{}, fused, [&](std::size_t begin, std::size_t, T*) { return gradient + begin; });
  return update.refused();
}

/// The sums of a step on one sample, kept: a function of its own. `memory` is a copy, made for it alone: else the step
/// would have all of that in memory.
template <class Compiled, class T>
[[gnu::noinline]] void keep_sums_apart(const execution::pass_memory<T> memory) noexcept {
  execution::run_single_sums<Compiled, 1, kept_gradient<T>>(memory, nullptr, execution::sum_numbers<Compiled>{});
}
/// The sums of a step on one sample, kept. Hardly ever, where they could be used up: by a function of its own then,
/// which all such steps share.
template <class Compiled, class Update, class T>
FUSEGRAD_INLINE inline void keep_sums_of_sample(const execution::pass_memory<T>& memory) noexcept {
  if constexpr (execution::uses_sums_at_once<Update> && execution::is_one_function<T>(Compiled::value))
    keep_sums_apart<Compiled, T>(memory);
  else
    execution::run_single_sums<Compiled, 1, Update>(memory, nullptr, execution::sum_numbers<Compiled>{});
}

/// A step on one sample of a program that is run directly: all of it is one function, whose sizes the compiler knows.
/// Nothing is shared, and no weight is transposed. What is used only here, as the loss, is never in memory.
template <class Compiled, class Model, class Loss, class T, class Samples, class Update>
FUSEGRAD_INLINE inline batch_result step_on_sample(const execution::pass_memory<T>& memory, const Loss& loss,
                                                   const Samples& samples, std::size_t sample,
                                                   const Update& update) noexcept {
  constexpr auto& program = Compiled::value;
  const auto index = [&](std::size_t) FUSEGRAD_INLINE { return sample; };
  const auto input = [&](std::size_t) FUSEGRAD_INLINE { return samples.input(sample).data(); };
  execution::load_rows<Compiled, Model::input_count()>(memory.workspace, memory.given, 1, 0, 1, 1, input);
  load_targets<Compiled, Model>(memory.workspace, 1, 0, 1, samples, index, loss);
  execution::run_single<Compiled, 1>(memory, execution::row_numbers<Compiled>{});
  execution::run_single<Compiled, 1, program.row_steps>(memory, execution::loss_numbers<Compiled>{});
  batch_result result{.loss = *memory.loss};
  result.correct = count_correct<Model, Loss, false>(program.outputs[0], memory.workspace, 1, samples, index, 0, 1);
  if (!update.accepts(result.loss)) [[unlikely]] {
    result.refused = true;
    return result;
  }
  const bool fused = update.can_fuse();
  if constexpr (execution::uses_sums_at_once<Update>) {
    if (fused) {
      const auto at_once = update.at_once();
      execution::run_single_sums<Compiled, 1>(memory, &at_once, execution::sum_numbers<Compiled>{});
    }
  }
  if (!fused) keep_sums_of_sample<Compiled, Update>(memory);
  if (!update.leaves_nothing_of_sample(fused)) [[unlikely]]
    result.refused = finish_sample(update, fused, memory.gradients);
  return result;
}

} // namespace fusegrad::train::inline FUSEGRAD_ABI
