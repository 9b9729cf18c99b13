// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/config.hpp>
#include <fusegrad/tensor/buffer.hpp>
#include <vector>

namespace fusegrad::train {

/// What differs from parameter to parameter in an update: the share of the learning rate, whether it is left out, and
/// of how many steps it was. Nothing, until something is set.
class parameter_rates {
  struct of_one {
    double rate = 1;
    std::uint64_t steps_without = 0;
    bool is_frozen = false;
  };

public:
  /// Whether anything differs, so that an update has to look.
  [[nodiscard]] constexpr bool differ() const noexcept { return differ_; }
  [[nodiscard]] constexpr bool is_frozen(std::size_t parameter) const noexcept {
    return of_.size() != 0 && of_[parameter].is_frozen;
  }
  /// The share of the rule's learning rate, also of one that is frozen now.
  [[nodiscard]] constexpr double rate(std::size_t parameter) const noexcept {
    return of_.size() == 0 ? 1 : of_[parameter].rate;
  }
  /// How many of `steps` a parameter took part in: what its moments are the mean of.
  [[nodiscard]] constexpr std::size_t steps_of(std::size_t parameter, std::size_t steps) const noexcept {
    return of_.size() == 0 ? steps : steps - static_cast<std::size_t>(of_[parameter].steps_without);
  }

  constexpr void set_rate(std::size_t parameter, std::size_t parameters, double rate) {
    at(parameter, parameters).rate = rate;
    look_again();
  }
  constexpr void set_frozen(std::size_t parameter, std::size_t parameters, bool is_frozen) {
    at(parameter, parameters).is_frozen = is_frozen;
    look_again();
  }

  /// A step begins, without those that are frozen.
  constexpr void begin_step() noexcept {
    for (of_one& one : of_) one.steps_without += one.is_frozen ? 1 : 0;
  }
  constexpr void take_back_step() noexcept {
    for (of_one& one : of_) one.steps_without -= one.is_frozen ? 1 : 0;
  }

  /// Of how many steps each parameter was left out; empty where none ever was.
  [[nodiscard]] std::vector<std::uint64_t> steps_without() const {
    std::vector<std::uint64_t> steps;
    for (const of_one& one : of_) steps.push_back(one.steps_without);
    return steps;
  }
  void set_steps_without(const std::vector<std::uint64_t>& steps) {
    for (std::size_t p = 0; p < steps.size(); ++p) at(p, steps.size()).steps_without = steps[p];
    if (steps.empty())
      for (of_one& one : of_) one.steps_without = 0;
    look_again();
  }

private:
  constexpr of_one& at(std::size_t parameter, std::size_t parameters) {
    if (of_.size() == 0) of_ = tensor::buffer<of_one>(parameters);
    return of_[parameter];
  }
  constexpr void look_again() noexcept {
    differ_ = false;
    for (const of_one& one : of_) differ_ = differ_ || one.rate != 1 || one.steps_without != 0 || one.is_frozen;
  }

  tensor::buffer<of_one> of_;
  bool differ_ = false;
};

} // namespace fusegrad::train
