// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fusegrad/base/copy_items.hpp>
#include <fusegrad/graph/observation.hpp>
#include <fusegrad/inspect/observed.hpp>
#include <fusegrad/run/program.hpp>
#include <span>
#include <string>
#include <vector>

namespace fusegrad::inspect {

/// The layers of a program that observes.
template <class Program> std::vector<observed_layer> observed_layers(const Program& program) {
  std::vector<observed_layer> layers;
  for (std::size_t i = 0; i < program.marks.size(); ++i)
    layers.push_back({std::string(program.mark_path(i)), std::string(program.marks[i].name), program.marks[i].units,
                      program.marks[i].is_activation, program.marks[i].positions});
  return layers;
}

/// The parameters that are learned, each with the innermost layer that it belongs to.
template <class Program> std::vector<observed_parameter> observed_parameters(const Program& program) {
  std::vector<observed_parameter> parameters;
  for (std::size_t p = 0; p < Program::parameter_count; ++p) {
    if (!program.parameters[p].is_trained) continue;
    observed_parameter out{std::string(program.parameter_name(p)), program.facts[p].shape.size(), unknown,
                           program.parameters[p].is_matrix};
    std::size_t longest = 0;
    for (std::size_t i = 0; i < program.marks.size(); ++i) {
      const std::string prefix = std::string(program.mark_path(i)) + '.';
      if (prefix.size() <= longest || out.name.compare(0, prefix.size(), prefix) != 0) continue;
      longest = prefix.size();
      out.layer = i;
    }
    parameters.push_back(out);
  }
  return parameters;
}

/// The sums of one step, taken over from the step's own memory.
template <class T> class observation_sums {
public:
  template <class Program>
  explicit observation_sums(const Program& program)
      : numbers_(program.observation_size), layers_(program.marks.size()) {
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const execution::observed_mark& m = program.marks[i];
      const auto sums = [&](std::size_t offset, std::size_t k) {
        return std::span<const double>(numbers_).subspan(offset + k * kernel::padded<T>(m.units), m.units);
      };
      unit_sums& layer = layers_[i];
      layer.sum = sums(m.output_sums, 0);
      layer.squares = sums(m.output_sums, 1);
      layer.zeros = sums(m.output_sums, 2);
      if (m.has_gradient) layer.gradient_squares = sums(m.gradient_sums, 0);
      if (m.is_activation) layer.blocked = sums(m.gradient_sums, 1);
    }
  }
  // The spans point into the numbers.
  observation_sums(const observation_sums&) = delete;
  observation_sums& operator=(const observation_sums&) = delete;

  void clear() noexcept { base::fill_numbers(numbers_.data(), numbers_.size(), 0.0); }
  void add(std::span<const T> slice) noexcept {
    for (std::size_t i = 0; i < numbers_.size(); ++i) numbers_[i] += static_cast<double>(slice[i]);
  }
  [[nodiscard]] std::span<const unit_sums> layers() const noexcept { return {layers_.data(), layers_.size()}; }

  [[nodiscard]] bool are_finite() const noexcept { return all_finite({numbers_.data(), numbers_.size()}); }

  /// The earliest layer whose outputs are not finite, else the latest whose gradient is not.
  [[nodiscard]] not_finite first_not_finite() const noexcept {
    not_finite where;
    for (std::size_t i = 0; i < layers_.size(); ++i)
      if (!all_finite(layers_[i].sum)) return where.layer = i, where;
    for (std::size_t i = layers_.size(); i-- > 0;)
      if (!all_finite(layers_[i].gradient_squares)) return where.pass = pass::backward, where.layer = i, where;
    return where;
  }

private:
  static bool all_finite(std::span<const double> numbers) noexcept {
    // A sum of numbers times zero is zero, or there is one that is not finite among them.
    double total = 0;
    for (double x : numbers) total += x * 0.0;
    return total == 0;
  }

  std::vector<double> numbers_;
  std::vector<unit_sums> layers_;
};

} // namespace fusegrad::inspect
