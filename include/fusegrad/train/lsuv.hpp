// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <fusegrad/base/finite.hpp>
#include <fusegrad/base/random.hpp>
#include <fusegrad/math/basic.hpp>
#include <fusegrad/math/square_root.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/trainer.hpp>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace fusegrad {

/// How `lsuv` starts a model.
struct lsuv_options {
  std::size_t samples = 256;  ///< how many, drawn from the data, the variance is measured on
  double tolerance = 0.02;    ///< how far from 1 a layer's variance may stay
  std::size_t attempts = 5;   ///< at scaling one layer
  bool is_orthonormal = true; ///< weights start with orthonormal rows or columns
  std::uint64_t seed = 0;     ///< of the samples
};

/// One layer after `lsuv`.
struct lsuv_layer {
  std::string name;       ///< "2.weight"
  double variance_before; ///< of the layer's outputs, over units and samples
  double variance_after;
  std::size_t attempts;
};

namespace train {

/// Makes the rows of a matrix orthonormal, or the columns where there are more rows: modified Gram-Schmidt.
template <class T> void make_orthonormal(std::vector<T>& matrix, std::size_t rows, std::size_t columns) {
  const bool by_columns = rows > columns;
  const std::size_t count = by_columns ? columns : rows, size = by_columns ? rows : columns;
  std::vector<double> v(matrix.size());
  const auto place = [&](std::size_t i, std::size_t k) { return by_columns ? k * columns + i : i * columns + k; };
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t k = 0; k < size; ++k) v[i * size + k] = static_cast<double>(matrix[place(i, k)]);
  for (std::size_t i = 0; i < count; ++i) {
    // Twice is enough: what rounding left of the others is removed by the second round.
    for (int round = 0; round < 2; ++round)
      for (std::size_t j = 0; j < i; ++j) {
        double product = 0;
        for (std::size_t k = 0; k < size; ++k) product += v[i * size + k] * v[j * size + k];
        for (std::size_t k = 0; k < size; ++k) v[i * size + k] -= product * v[j * size + k];
      }
    double square = 0;
    for (std::size_t k = 0; k < size; ++k) square += v[i * size + k] * v[i * size + k];
    for (std::size_t k = 0; square > 0 && k < size; ++k) v[i * size + k] /= math::sqrt(square);
  }
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t k = 0; k < size; ++k) matrix[place(i, k)] = static_cast<T>(v[i * size + k]);
}

/// Runs a batch and tells the variance of the outputs of each marked layer.
template <any_model Model, any_loss Loss, class T> class layer_variances {
  static constexpr auto& program = plan::compiled<Model, Loss, plan::purpose::observe, T>::value;

public:
  layer_variances(const Loss& loss, std::size_t samples) : observing_{Model{}, loss, samples} {}

  [[nodiscard]] std::size_t count() const { return program.marks.size(); }
  /// The parameter that makes the outputs of a marked layer; empty where the layer is no dense one or
  /// convolution, or frozen.
  [[nodiscard]] std::string weight_of(std::size_t mark) const {
    const std::string name = std::string(program.mark_path(mark)) + ".weight";
    for (std::size_t p = 0; p < program.parameter_count; ++p)
      if (program.parameters[p].is_matrix && program.parameters[p].is_trained && program.parameter_name(p) == name)
        return name;
    return {};
  }

  template <class Samples>
  void measure(const weights<Model, T>& w, const Samples& samples, std::span<const std::uint32_t> indices) {
    observing_.compute(w, samples, indices);
    samples_ = static_cast<double>(indices.size());
  }
  /// Over units and samples together.
  [[nodiscard]] double variance(std::size_t mark) const {
    const std::size_t units = program.marks[mark].units, stride = kernel::padded<T>(units);
    double sum = 0, squares = 0;
    for (std::size_t slice = 0; slice < observing_.slice_count(); ++slice) {
      const std::span<const T> sums = observing_.observations(slice).subspan(program.marks[mark].output_sums);
      for (std::size_t u = 0; u < units; ++u) {
        sum += static_cast<double>(sums[u]);
        squares += static_cast<double>(sums[stride + u]);
      }
    }
    const double n = samples_ * static_cast<double>(units * program.marks[mark].positions), mean = sum / n;
    return squares / n - mean * mean;
  }

private:
  gradients<Model, Loss, T, plan::purpose::observe> observing_;
  double samples_ = 0;
};

} // namespace train

/// Layer-sequential unit-variance initialisation: makes the weights of each dense layer orthonormal, then scales them,
/// layer by layer, until the outputs have variance 1 on samples of the data. It suits any activation, and layers whose
/// inputs nobody knows. Tells what it did; a layer whose outputs do not vary at all is left alone. Throws
/// std::invalid_argument where samples do not fit. Mishkin and Matas 2016.
template <class Model, class Loss, class Rule, class T, sample_source Samples>
std::vector<lsuv_layer> lsuv(trainer<Model, Loss, Rule, T>& of, const Samples& samples,
                             const lsuv_options& options = {}) {
  static_assert(!train::of_point_sets<Loss>, "fusegrad: lsuv measures layers on one set of samples.");
  if (samples.size() < 2) throw std::invalid_argument("fusegrad: lsuv needs at least 2 samples to measure a variance.");
  std::vector<std::uint32_t> indices = base::permutation(static_cast<std::uint32_t>(samples.size()), options.seed);
  const std::size_t asked = options.samples > 2 ? options.samples : 2;
  if (indices.size() > asked) indices.resize(asked);
  train::sample_checks<Model, Loss>::all(samples, "the samples");
  train::layer_variances<Model, Loss, T> variances(of.loss(), indices.size());
  std::vector<lsuv_layer> report;
  if (options.is_orthonormal)
    for (std::size_t mark = 0; mark < variances.count(); ++mark)
      if (const std::string name = variances.weight_of(mark); !name.empty()) {
        std::vector<T> weight = of.read(name);
        const std::vector<std::size_t> shape = of.parameter_shape(name);
        train::make_orthonormal(weight, shape[0], weight.size() / shape[0]);
        of.write(name, weight);
      }
  for (std::size_t mark = 0; mark < variances.count(); ++mark) {
    const std::string name = variances.weight_of(mark);
    if (name.empty()) continue;
    variances.measure(of.parameters(), samples, indices);
    const double before = variances.variance(mark);
    double variance = before;
    std::size_t attempts = 0;
    while (attempts < options.attempts && variance > 0 && base::is_finite(variance) &&
           math::abs(variance - 1) > options.tolerance) {
      std::vector<T> weight = of.read(name);
      for (T& w : weight) w = static_cast<T>(static_cast<double>(w) / math::sqrt(variance));
      of.write(name, weight);
      variances.measure(of.parameters(), samples, indices);
      variance = variances.variance(mark);
      ++attempts;
    }
    report.push_back({name, before, variance, attempts});
  }
  return report;
}

} // namespace fusegrad
