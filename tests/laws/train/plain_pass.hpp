// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fusegrad/base/random.hpp>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace fusegrad::test {

using number = long double;
using table = std::vector<std::vector<number>>;

/// A pass through a model, written by hand from what its layers are documented to do; it shares the generator of random
/// bits with the library and nothing else.
class plain_pass {
public:
  std::map<std::string, std::vector<number>> parameters;
  std::map<std::string, std::vector<number>> next; ///< of states
  number added_loss = 0;

  template <class Store>
  plain_pass(const Store& from, bool is_training, std::uint64_t seed = 0, std::uint64_t step = 0)
      : is_training_{is_training} {
    for (const std::string& name : from.parameter_names())
      for (const auto x : from.read(name)) parameters[name].push_back(static_cast<number>(x));
    const auto words = base::random_stream(seed).child(0x6D61736B73u).block(step);
    key_ = {words[0], words[1]};
  }

  static table rows_of(std::span<const double> numbers, std::size_t width, std::size_t count) {
    table out(count);
    for (std::size_t s = 0; s < count; ++s)
      out[s].assign(numbers.begin() + static_cast<std::ptrdiff_t>(s * width),
                    numbers.begin() + static_cast<std::ptrdiff_t>((s + 1) * width));
    return out;
  }

  template <class F> static table each(table x, F&& f) {
    for (auto& row : x)
      for (number& v : row) v = f(v);
    return x;
  }
  static table relu(const table& x) {
    return each(x, [](number v) { return v > 0 ? v : 0; });
  }

  [[nodiscard]] table dense(const table& x, const std::string& name) const {
    const auto &w = parameters.at(name + ".weight"), &b = parameters.at(name + ".bias");
    table y(x.size(), b);
    for (std::size_t s = 0; s < x.size(); ++s)
      for (std::size_t o = 0; o < b.size(); ++o)
        for (std::size_t i = 0; i < x[s].size(); ++i) y[s][o] += w[o * x[s].size() + i] * x[s][i];
    return y;
  }

  table batch_norm(table x, const std::string& name, bool is_affine = true) {
    for (std::size_t k = 0; k < x[0].size(); ++k) {
      const number old_mean = parameters.at(name + ".running_mean")[k],
                   old_variance = parameters.at(name + ".running_var")[k];
      number mean = old_mean, variance = old_variance;
      if (is_training_) {
        const auto n = static_cast<number>(x.size());
        mean = variance = 0;
        for (const auto& row : x) mean += row[k] / n;
        for (const auto& row : x) variance += (row[k] - mean) * (row[k] - mean) / n;
        next[name + ".running_mean"].resize(x[0].size());
        next[name + ".running_var"].resize(x[0].size());
        next[name + ".running_mean"][k] = 0.9L * old_mean + 0.1L * mean;
        next[name + ".running_var"][k] = 0.9L * old_variance + 0.1L * variance * n / (n - 1);
      }
      for (auto& row : x) {
        row[k] = (row[k] - mean) / std::sqrt(variance + 1e-5L);
        if (is_affine) row[k] = row[k] * parameters.at(name + ".weight")[k] + parameters.at(name + ".bias")[k];
      }
    }
    return x;
  }

  [[nodiscard]] table layer_norm(table x, const std::string& name) const {
    for (auto& row : x) {
      const auto n = static_cast<number>(row.size());
      number mean = 0, variance = 0;
      for (const number v : row) mean += v / n;
      for (const number v : row) variance += (v - mean) * (v - mean) / n;
      for (std::size_t k = 0; k < row.size(); ++k)
        row[k] = (row[k] - mean) / std::sqrt(variance + 1e-5L) * parameters.at(name + ".weight")[k] +
                 parameters.at(name + ".bias")[k];
    }
    return x;
  }

  [[nodiscard]] table rms_norm(table x, const std::string& name) const {
    for (auto& row : x) {
      number mean_square = 0;
      for (const number v : row) mean_square += v * v / static_cast<number>(row.size());
      for (std::size_t k = 0; k < row.size(); ++k)
        row[k] = row[k] / std::sqrt(mean_square + 1e-6L) * parameters.at(name + ".weight")[k];
    }
    return x;
  }

  [[nodiscard]] table dropout(table x, number rate, std::uint32_t stream) const {
    for (std::size_t s = 0; s < x.size() && is_training_; ++s)
      for (std::size_t k = 0; k < x[s].size(); ++k) x[s][k] = random(stream, s, k) < rate ? 0 : x[s][k] / (1 - rate);
    return x;
  }

  [[nodiscard]] table rrelu(table x, number low, number high, std::uint32_t stream) const {
    for (std::size_t s = 0; s < x.size(); ++s)
      for (std::size_t k = 0; k < x[s].size(); ++k)
        if (x[s][k] < 0) x[s][k] *= is_training_ ? low + (high - low) * random(stream, s, k) : (low + high) / 2;
    return x;
  }

  table kl_sparsity(const table& x, number target, number strength) {
    for (std::size_t k = 0; k < x[0].size() && is_training_; ++k) {
      number mean = 0;
      for (const auto& row : x) mean += row[k] / static_cast<number>(x.size());
      added_loss += strength * (target * std::log(target / mean) + (1 - target) * std::log((1 - target) / (1 - mean)));
    }
    return x;
  }

  /// The mean squared error of the first samples, and what layers added to it.
  template <class Outputs>
  number loss_of(Outputs&& outputs, std::span<const double> inputs, std::size_t features,
                 std::span<const double> targets, std::size_t count) {
    added_loss = 0;
    const table y = outputs(*this, rows_of(inputs, features, count));
    number sum = 0;
    for (std::size_t s = 0; s < count; ++s)
      for (std::size_t k = 0; k < y[s].size(); ++k) {
        const number error = y[s][k] - static_cast<number>(targets[s * y[s].size() + k]);
        sum += error * error / static_cast<number>(count * y[s].size());
      }
    return sum + added_loss;
  }

  /// The derivative of `loss` with respect to a parameter, from differences.
  template <class Loss> number slope(const std::string& name, std::size_t i, Loss&& loss) {
    constexpr number step = 1e-7L;
    number& x = parameters.at(name)[i];
    const number before = x;
    x = before + step;
    const number above = loss();
    x = before - step;
    const number below = loss();
    x = before;
    return (above - below) / (2 * step);
  }

private:
  /// Groups of 64 columns; word w of block b of a group is its column 16 w + b.
  [[nodiscard]] number random(std::uint32_t stream, std::size_t sample, std::size_t column) const {
    const std::size_t block = column / 64 * 16 + column % 16, word = column % 64 / 16;
    const auto words =
        base::philox<7>({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(sample), stream, 0}, key_);
    return static_cast<number>(words[word] >> 8) * 0x1p-24L;
  }

  bool is_training_;
  base::philox_key key_{};
};

} // namespace fusegrad::test
