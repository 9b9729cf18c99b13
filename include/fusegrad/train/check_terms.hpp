// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/hash_of_names.hpp>
#include <fusegrad/layer/input_names.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/loss_terms.hpp>
#include <span>
#include <string>

namespace fusegrad::train {

namespace refusal {
[[noreturn, gnu::cold, gnu::noinline]] inline void of_outputs(const samples_name& which, std::size_t found,
                                                              std::size_t needed) {
  refuse_samples(which.text() + " have targets for " + std::to_string(found) + (found == 1 ? " output" : " outputs") +
                 ", the loss reads " + std::to_string(needed) + ".");
}
[[noreturn, gnu::cold, gnu::noinline]] inline void of_one_label(const samples_name& which, std::size_t needed) {
  refuse_samples(which.text() + " have one class label each, the loss reads " + std::to_string(needed) +
                 " outputs; add what is asked of the others with and_labels or and_targets.");
}
} // namespace refusal

/// What is wrong with the type of samples for a loss, or no_fault.
template <class Loss, class Samples> constexpr auto fault_of_samples() {
  if constexpr (plan::weighs_samples<Loss> && !weighted_source<Samples>)
    return diagnostics::fault<samples_have_no_weights<Samples>>{};
  else if constexpr (!plan::weighs_samples<Loss> && weighted_source<Samples>)
    return diagnostics::fault<loss_ignores_weights_of_samples<Loss>>{};
  else
    return diagnostics::no_fault{};
}

/// Checks samples for a loss on a model, each term of it by itself. What does not fit throws std::invalid_argument in
/// words.
template <class Model, class Loss> class sample_checks {
  using terms = loss_terms<Model, Loss>;
  static constexpr bool is_of_several = terms::output_count > 1;

public:
  template <std::size_t Term>
  static constexpr sample_needs needs = [] {
    sample_needs of_term =
        sample_needs::of<typename terms::template loss<Term>>(Model::input_size(), terms::output_shape(Term));
    of_term.feature_names = layers::input_names<Model>();
    return of_term;
  }();

  /// The samples of one batch.
  template <class Samples>
  static constexpr void batch(const Samples& samples, std::span<const std::uint32_t> indices, bool couples_batch) {
    names_of_step(samples);
    each(samples, "the samples", [&](auto term, const auto& of_term, const samples_name& which) {
      check_batch(of_term, indices, needs<term>, couples_batch, which);
    });
  }
  /// Sizes, names and labels of a whole set.
  template <class Samples> static constexpr void labels(const Samples& samples, const samples_name& which) {
    names(samples, which);
    each(samples, which,
         [&](auto term, const auto& of_term, const samples_name& name) { check_labels(of_term, needs<term>, name); });
  }
  /// A whole set: that there are some, sizes, names, labels, and with `numbers_too` that numbers are finite.
  template <class Samples> static void all(const Samples& samples, const samples_name& which, bool numbers_too = true) {
    names(samples, which);
    each(samples, which, [&](auto term, const auto& of_term, const samples_name& name) {
      check_all(of_term, needs<term>, name, numbers_too);
    });
  }

private:
  template <class Samples>
  static constexpr void names([[maybe_unused]] const Samples& samples, [[maybe_unused]] const samples_name& which) {
    if constexpr (requires { Model::input_type::names; }) check_names(samples, Model::input_type::names, which);
  }
  /// The same in every step, at the cost of comparing two numbers.
  template <class Samples> static constexpr void names_of_step([[maybe_unused]] const Samples& samples) {
    if constexpr (requires {
                    Model::input_type::names;
                    samples.feature_names_hash();
                  }) {
      constexpr std::uint64_t expected = base::hash_of_names(Model::input_type::names);
      if (const std::uint64_t found = samples.feature_names_hash(); found != 0 && found != expected) [[unlikely]]
        names(samples, "the samples");
    }
  }
  template <class Samples, class Check>
  static constexpr void each(const Samples& samples, const samples_name& which, Check&& check) {
    static_cast<void>(sizeof(typename decltype(fault_of_samples<Loss, Samples>())::error));
    if constexpr (is_of_several || source_of_several<Samples>) outputs(samples, which);
    for_each_term<Model, Loss>(samples, [&](auto term, const auto& of_term) {
      check(term, of_term, is_of_several ? samples_name(which, terms::output(term)) : which);
    });
  }
  /// That as many outputs have targets as are read; or that targets stand beside each other in one row.
  template <class Samples> static constexpr void outputs(const Samples& samples, const samples_name& which) {
    const std::size_t found = targets_in(samples);
    if (found == terms::output_count) return;
    if (found != 1) refusal::of_outputs(which, found, terms::output_count);
    if (samples.has_labels()) refusal::of_one_label(which, terms::output_count);
    if (samples.target_width() != all_targets) refusal::of_targets(which, samples.target_width(), all_targets);
  }
  static constexpr std::size_t all_targets = terms::target_begin(terms::output_count);
};

} // namespace fusegrad::train
