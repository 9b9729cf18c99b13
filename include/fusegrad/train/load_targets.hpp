// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/copy_items.hpp>
#include <fusegrad/math/vector.hpp>
#include <fusegrad/run/rows.hpp>
#include <fusegrad/train/loss_terms.hpp>

namespace fusegrad::train::inline FUSEGRAD_ABI {

/// Copies the targets of one term of a loss, `first` to `last`, to where a program reads them: real targets as they
/// are, class labels as the loss encodes them. `ByColumns`: see run/by_columns.hpp.
template <class Holder, std::size_t Input, bool ByColumns, class Loss, class T, class Samples, class Index>
FUSEGRAD_INLINE constexpr void load_targets_of_term(T* workspace, std::size_t capacity, std::size_t first,
                                                    std::size_t last, const Samples& samples, const Index& index,
                                                    const Loss& loss) {
  constexpr execution::row_place place = Holder::value.inputs[Input];
  for (std::size_t i = first; i < last; ++i) {
    T* to = workspace + place.offset * capacity + i * place.sample_step;
    [[maybe_unused]] T numbers[ByColumns ? place.width : 1]{};
    if constexpr (ByColumns) to = numbers;
    if constexpr (!place.is_flat) {
      const auto target = samples.target(index(i));
      execution::each_position(place, to, [&](T* row, std::size_t position) {
        for (std::size_t k = 0; k < place.columns; ++k) row[k] = static_cast<T>(target[position * place.columns + k]);
        loss.adjust(row, place.columns);
      });
      continue;
    }
    const auto fill = [&](T* target) FUSEGRAD_INLINE {
      if (samples.has_labels()) {
        loss.encode(samples.label(index(i)), target, place.width);
      } else {
        const auto numbers_of_sample = samples.target(index(i));
        for (std::size_t k = 0; k < place.width; ++k) target[k] = static_cast<T>(numbers_of_sample[k]);
        loss.adjust(target, place.width);
      }
    };
    // A single number is written with its padding: who reads the vector would wait for stores of parts of it.
    if constexpr (!ByColumns && place.width == 1 && place.sample_step == math::native_lanes<T>)
      if (!__builtin_is_constant_evaluated()) {
        T number{};
        fill(&number);
        math::vector<T>::only_first(number).store_aligned(to);
        continue;
      }
    if constexpr (!ByColumns) base::fill_numbers(to + place.width, place.sample_step - place.width, T{});
    fill(to);
    if constexpr (ByColumns)
      for (std::size_t k = 0; k < place.width; ++k) workspace[(place.offset + k) * capacity + i] = numbers[k];
  }
}

/// Copies how often each sample counts.
template <class Holder, std::size_t Input, bool ByColumns, class T, class Samples, class Index>
constexpr void load_weights(T* workspace, std::size_t capacity, std::size_t first, std::size_t last,
                            const Samples& samples, const Index& index) {
  constexpr execution::row_place place = Holder::value.inputs[Input];
  for (std::size_t i = first; i < last; ++i) {
    T* to = workspace + place.offset * capacity + i * (ByColumns ? 1 : place.sample_step);
    if constexpr (!ByColumns) base::fill_numbers(to, place.sample_step, T{});
    to[0] = static_cast<T>(samples.weight(index(i)));
  }
}

/// The same for all terms.
template <class Holder, class Model, bool ByColumns = false, class Loss, class T, class Samples, class Index>
constexpr void load_targets(T* workspace, std::size_t capacity, std::size_t first, std::size_t last,
                            const Samples& samples, const Index& index, const Loss& loss) {
  constexpr std::size_t given = Model::input_count() + (plan::weighs_samples<Loss> ? 1 : 0);
  if constexpr (plan::weighs_samples<Loss>)
    load_weights<Holder, given - 1, ByColumns>(workspace, capacity, first, last, samples, index);
  for_each_term<Model, Loss>(samples, [&](auto term, const auto& of_term) FUSEGRAD_INLINE {
    if constexpr (given + term < Holder::value.inputs.size())
      load_targets_of_term<Holder, given + term, ByColumns>(workspace, capacity, first, last, of_term, index,
                                                            loss_terms<Model, Loss>::template get<term>(loss));
  });
}

} // namespace fusegrad::train::inline FUSEGRAD_ABI
