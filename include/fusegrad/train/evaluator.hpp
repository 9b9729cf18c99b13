// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <fusegrad/model/weights.hpp>
#include <fusegrad/plan/compiled.hpp>
#include <fusegrad/run/rows.hpp>
#include <fusegrad/run/run.hpp>
#include <fusegrad/run/team.hpp>
#include <fusegrad/run/transposed_weights.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/uniforms.hpp>
#include <span>
#include <vector>

namespace fusegrad::train {

/// The outputs of a model for many samples, and the loss.
template <class T> struct outputs_and_loss {
  std::vector<T> outputs; ///< row-major [samples][outputs]
  double loss = 0;
};

/// Runs a model over a whole set of samples without gradients. Tiles of samples are shared among threads; their losses
/// are added in the order of the tiles. `uniforms` say what counts in the loss, and how much.
template <any_model Model, any_loss Loss, class T, sample_source Samples>
outputs_and_loss<T> evaluate_all(const weights<Model, T>& w, const Loss& loss, const Samples& samples,
                                 const execution::team& team, const std::array<T, graph::uniform_count>& uniforms) {
  using compiled = plan::compiled<Model, Loss, plan::purpose::evaluate, T>;
  constexpr auto& program = compiled::value;
  constexpr std::size_t tile = execution::samples_at_once<T>(program);
  constexpr std::size_t capacity = tile + kernel::row_slack;
  constexpr std::size_t width = execution::output_width(program);

  const std::size_t tiles = (samples.size() + tile - 1) / tile;
  outputs_and_loss<T> result;
  result.outputs.resize(base::size_product("the outputs of all samples", samples.size(), width));
  std::vector<double> losses(tiles);
  tensor::buffer<T> workspaces(base::size_product("the workspaces of all threads",
                                                  static_cast<std::size_t>(team.size()), program.row_size, capacity));
  tensor::buffer<T> transposed(program.transposed_size);
  if constexpr (program.transposed_size != 0)
    execution::transpose_weights(program, w.packed().data(), transposed.data(), execution::member{});
  // The tiles from `begin` to `end`; sample i is the one number i - before of `rows_from`.
  const auto run_tiles = [&](std::size_t begin, std::size_t end, const auto& rows_from, std::size_t before) {
    team.run([&](const execution::member& who) {
      const T* given[execution::listed_rows(program, tile) + 1];
      execution::pass_memory<T> memory;
      memory.given = given;
      memory.workspace = workspaces.data() + static_cast<std::size_t>(who.rank) * program.row_size * capacity;
      memory.capacity = capacity;
      memory.parameters = w.packed().data();
      memory.transposed = transposed.data();
      memory.uniforms = uniforms.data();
      for (std::size_t number = begin + static_cast<std::size_t>(who.rank); number < end;
           number += static_cast<std::size_t>(who.size)) {
        const std::size_t first = number * tile;
        const std::size_t rows = samples.size() - first < tile ? samples.size() - first : tile;
        memory.loss = &losses[number];
        const auto index = [&](std::size_t i) { return first - before + i; };
        execution::load_rows<compiled, Model::input_count()>(
            memory.workspace, given, capacity, 0, rows, rows,
            [&](std::size_t i) { return rows_from.input(index(i)).data(); });
        load_targets<compiled, Model>(memory.workspace, capacity, 0, rows, rows_from, index, loss);
        execution::run<compiled>(memory, rows, false);
        execution::store_outputs<compiled>(memory.workspace, capacity, rows, result.outputs.data() + first * width);
      }
    });
  };
  if constexpr (is_read_in_place<Samples, T>) {
    run_tiles(0, tiles, samples, 0);
  } else {
    constexpr std::size_t tiles_at_once = 64; // so that no copy of a large source is needed
    const std::vector<std::uint32_t> all = base::numbers_to(samples.size());
    staged_samples<T> staged;
    for (std::size_t begin = 0; begin < tiles; begin += tiles_at_once) {
      const std::size_t end = tiles - begin < tiles_at_once ? tiles : begin + tiles_at_once;
      const std::size_t last = end * tile < samples.size() ? end * tile : samples.size();
      staged.take(samples, std::span<const std::uint32_t>(all).subspan(begin * tile, last - begin * tile));
      run_tiles(begin, end, staged.template view<plan::has_terms<Loss>, plan::weighs_samples<Loss>>(), begin * tile);
    }
  }
  for (double l : losses) result.loss += l;
  return result;
}

/// The outputs for all samples, and the loss of all terms together.
template <any_model Model, any_loss Loss, class T, sample_source Samples>
outputs_and_loss<T> evaluate_all(const weights<Model, T>& w, const Loss& loss, const Samples& samples,
                                 const execution::team& team) {
  return evaluate_all(w, loss, samples, team, uniforms_of<Model, T>(loss, samples, base::numbers_to(samples.size())));
}

/// The loss of each term by itself, weighted: a pass for each, in which no other one counts.
template <any_model Model, any_loss Loss, class T, sample_source Samples>
std::vector<double> losses_of_terms(const weights<Model, T>& w, const Loss& loss, const Samples& samples,
                                    const execution::team& team) {
  const auto all = uniforms_of<Model, T>(loss, samples, base::numbers_to(samples.size()));
  std::vector<double> losses;
  for (std::size_t term = 0; term < loss_terms<Model, Loss>::count; ++term) {
    const auto place = static_cast<std::size_t>(graph::loss_scale_of(term));
    std::array<T, graph::uniform_count> only{};
    only[place] = all[place];
    losses.push_back(evaluate_all(w, loss, samples, team, only).loss);
  }
  return losses;
}

} // namespace fusegrad::train
