// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/any_callback.hpp>
#include <fusegrad/base/any_function.hpp>
#include <fusegrad/train/best_by.hpp>
#include <fusegrad/train/check_samples.hpp>
#include <fusegrad/train/checkpoint.hpp>
#include <fusegrad/train/history.hpp>
#include <fusegrad/train/metric.hpp>
#include <fusegrad/train/plateau.hpp>
#include <fusegrad/train/progress.hpp>
#include <fusegrad/train/samples.hpp>
#include <fusegrad/train/schedule.hpp>
#include <type_traits>
#include <vector>

namespace fusegrad {

namespace train {

/// The address of a validation set. Whatever else is given is refused in words.
template <class Samples> class address_of_samples {
public:
  constexpr address_of_samples(const Samples* at = nullptr) noexcept : at_{at} {}
  template <class Other>
    requires(!std::convertible_to<const Other*, const Samples*>)
  constexpr address_of_samples(const Other*) noexcept {
    static_cast<void>(sizeof(validation_of_another_type<Other>));
  }
  template <class Other>
    requires(!std::is_pointer_v<Other> && !std::convertible_to<const Other&, const Samples*>)
  constexpr address_of_samples(const Other&) noexcept {
    static_cast<void>(sizeof(validation_is_an_address<Other>));
  }
  constexpr operator const Samples*() const noexcept { return at_; }

private:
  const Samples* at_ = nullptr;
};

} // namespace train

/// How `trainer::fit` goes over the data.
template <class Samples> struct fit_options {
  std::size_t epochs = 10;
  std::size_t batch_size = 32;
  train::address_of_samples<typename train::evaluated_with<Samples>::type> validation{}; ///< evaluated after each epoch
  std::vector<metric> metrics{};               ///< measured on it, beside loss and accuracy
  schedule::function learning_rate_schedule{}; ///< a factor on the rule's learning rate; empty: 1
  schedule::plateau plateau{};                 ///< lowers the learning rate when validation no longer gets better
  std::size_t patience = 0;                    ///< stop after so many epochs without a better one; 0: never
  best_by better = best_by::loss;              ///< what "better" is decided by, on the validation set
  double least_improvement = 0;                ///< by how much it has to be better
  bool restore_best = true;                    ///< with patience: end with the weights of the best epoch
  bool shuffle = true;                         ///< a new order in each epoch; samples may have one of their own
  bool drop_last = false;                      ///< leave out the last batch of an epoch where it is not full
  std::uint64_t seed = 0;                      ///< of the order
  bool stay_finite = true;                     ///< stop before a step that would leave weights that are not finite
  checkpoint_options checkpoint{};             ///< go on from a file where it is there, and write it now and then
  progress_style progress = progress_style::automatic;
  base::any_function<void()> on_step{};               ///< called after each step
  base::any_callback<const epoch_record&> on_epoch{}; ///< called after each epoch; false stops
};

} // namespace fusegrad
