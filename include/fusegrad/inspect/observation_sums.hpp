// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <fusegrad/graph/observation.hpp>
#include <fusegrad/inspect/observed.hpp>
#include <fusegrad/plan/draft.hpp>
#include <span>
#include <string>
#include <vector>

namespace fusegrad::inspect {

inline std::string text_of(const growing<char>& characters) { return {characters.begin(), characters.size()}; }

/// The layers of a graph that was made to be observed.
inline std::vector<observed_layer> observed_layers(const graph::graph& g) {
  std::vector<observed_layer> layers;
  for (const graph::layer_mark& m : g.marks) layers.push_back({text_of(m.path), std::string(m.name), g.width(m.output), m.is_activation});
  return layers;
}

/// The parameters that are learned, each with the innermost layer that it belongs to.
inline std::vector<observed_parameter> observed_parameters(const graph::graph& g) {
  std::vector<observed_parameter> parameters;
  for (const graph::parameter& p : g.parameters) {
    if (!p.is_trained) continue;
    observed_parameter out{text_of(p.name), p.shape.size(), unknown, p.is_matrix};
    std::size_t longest = 0;
    for (std::size_t i = 0; i < g.marks.size(); ++i) {
      const std::string prefix = text_of(g.marks[i].path) + '.';
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
  explicit observation_sums(const graph::graph& g) {
    const growing<std::size_t> offsets = plan::lay_out_observations<T>(g);
    numbers_.resize(offsets.back());
    layers_.resize(g.marks.size());
    for (const graph::operation& op : g.operations) {
      if (op.what != graph::kind::observe) continue;
      const auto slot = static_cast<std::size_t>(op.slot);
      const std::size_t units = g.width(op.inputs[0].index), stride = kernel::padded<T>(units);
      const auto sums = [&](std::size_t k) { return std::span<const double>(numbers_).subspan(offsets[slot] + k * stride, units); };
      unit_sums& layer = layers_[slot / 2];
      if (slot % 2 == 0) {
        layer.sum = sums(0);
        layer.squares = sums(1);
        layer.zeros = sums(2);
      } else {
        layer.gradient_squares = sums(0);
        if (op.inputs.size() == graph::sums_of_gradient) layer.blocked = sums(1);
      }
    }
  }
  // The spans point into the numbers.
  observation_sums(const observation_sums&) = delete;
  observation_sums& operator=(const observation_sums&) = delete;

  void clear() noexcept { std::fill(numbers_.begin(), numbers_.end(), 0.0); }
  void add(std::span<const T> lane) noexcept {
    for (std::size_t i = 0; i < numbers_.size(); ++i) numbers_[i] += static_cast<double>(lane[i]);
  }
  [[nodiscard]] std::span<const unit_sums> layers() const noexcept { return layers_; }

  [[nodiscard]] bool are_finite() const noexcept { return all_finite(numbers_); }

  /// The earliest layer whose outputs are not finite, else the latest whose gradient is not.
  [[nodiscard]] not_finite first_not_finite() const noexcept {
    not_finite where;
    for (std::size_t i = 0; i < layers_.size(); ++i)
      if (!all_finite(layers_[i].squares)) return where.layer = i, where;
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
