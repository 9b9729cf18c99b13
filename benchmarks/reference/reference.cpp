// SPDX-License-Identifier: MIT
// What every system is checked against before it is timed: the same cases as plain loops in double.
//
// A unit of relu whose sum is zero but for rounding is on in one system and off in another, and with thousands of
// samples some are. No tolerance helps: the gradients then differ by a whole sample. So `gradient` writes, behind the
// loss and the gradients, how much each of them changes when such units switch; that, and no more, is forgiven.
#include "common/problem.hpp"
#include "common/worker.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace benchmarks {
namespace {

using numbers = std::vector<double>;

/// Of the sum of magnitudes: what float may be off by in a layer, with what it was handed by the layers before.
constexpr double rounding = 2e-6;

class plain final : public session {
public:
  plain(const model_case& c, std::size_t batch)
      : case_{c}, batch_{batch}, problem_{c, batch}, values_(c.layers() + 1), doubtful_(c.layers()) {}

  void repeat(std::size_t) override { throw cannot("it is there to be right, not to be timed"); }

  std::vector<float> output() override {
    std::vector<float> out;
    for (std::size_t s = 0; s < batch_; ++s) {
      forward(s);
      out.insert(out.end(), values_.back().begin(), values_.back().end());
    }
    return out;
  }

  std::vector<float> gradient() override {
    gradients_ = allowances_ = zeros();
    double total = 0;
    for (std::size_t s = 0; s < batch_; ++s) {
      forward(s);
      numbers error = values_.back();
      total += loss_of(s, error);
      backward(error);
    }
    std::vector<float> out{static_cast<float>(total)};
    for (const auto& part : {gradients_, allowances_})
      for (const numbers& g : part) out.insert(out.end(), g.begin(), g.end());
    return out;
  }

private:
  /// W0 b0 W1 b1 ...
  std::vector<numbers> zeros() const {
    std::vector<numbers> out;
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      out.emplace_back(case_.in(l)*case_.out(l));
      out.emplace_back(case_.out(l));
    }
    return out;
  }

  double activated(double x) const {
    if (case_.after == activation::tanh) return std::tanh(x);
    if (case_.after == activation::relu) return std::max(x, 0.0);
    return 1 / (1 + std::exp(-x));
  }
  /// From the activation's value.
  double slope(double y) const {
    if (case_.after == activation::tanh) return 1 - y * y;
    if (case_.after == activation::relu) return y > 0 ? 1 : 0;
    return y * (1 - y);
  }

  void forward(std::size_t sample) {
    const float* x = problem_.inputs.data() + sample * case_.features();
    values_[0].assign(x, x + case_.features());
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      const bool last = l + 1 == case_.layers();
      values_[l + 1].resize(case_.out(l));
      doubtful_[l].clear();
      for (std::size_t o = 0; o < case_.out(l); ++o) {
        double sum = problem_.biases[l][o], magnitude = std::abs(sum);
        const float* w = problem_.weights[l].data() + o * case_.in(l);
        for (std::size_t i = 0; i < case_.in(l); ++i) {
          const double term = w[i] * values_[l][i];
          sum += term;
          magnitude += std::abs(term);
        }
        values_[l + 1][o] = last ? sum : activated(sum);
        if (!last && case_.after == activation::relu && std::abs(sum) <= rounding * magnitude)
          doubtful_[l].push_back(o);
      }
    }
  }

  /// The sample's part of the loss; `error` holds the outputs and then the derivative with respect to them.
  double loss_of(std::size_t sample, numbers& error) const {
    const auto count = static_cast<double>(batch_);
    if (case_.trained_on == loss::squared_error) {
      double total = 0;
      const double scale = 1 / (count * static_cast<double>(case_.outputs()));
      for (std::size_t k = 0; k < error.size(); ++k) {
        const double e = error[k] - problem_.targets[sample * case_.outputs() + k];
        total += scale * e * e;
        error[k] = 2 * scale * e;
      }
      return total;
    }
    const auto label = static_cast<std::size_t>(problem_.labels[sample]);
    const double largest = *std::max_element(error.begin(), error.end());
    const double chosen = error[label];
    double sum = 0;
    for (double e : error) sum += std::exp(e - largest);
    for (double& e : error) e = std::exp(e - largest) / sum / count;
    error[label] -= 1 / count;
    return (largest + std::log(sum) - chosen) / count;
  }

  /// The derivative with respect to the inputs of a layer, given that with respect to its sums.
  numbers to_inputs(std::size_t l, const numbers& error) const {
    numbers out(case_.in(l));
    for (std::size_t o = 0; o < case_.out(l); ++o) {
      const float* w = problem_.weights[l].data() + o * case_.in(l);
      for (std::size_t i = 0; i < out.size(); ++i) out[i] += error[o] * w[i];
    }
    return out;
  }

  void add(std::vector<numbers>& to, std::size_t l, const numbers& error, bool magnitudes) const {
    for (std::size_t o = 0; o < case_.out(l); ++o) {
      const double e = magnitudes ? std::abs(error[o]) : error[o];
      if (e == 0) continue;
      double* row = to[2 * l].data() + o * case_.in(l);
      for (std::size_t i = 0; i < case_.in(l); ++i)
        row[i] += e * (magnitudes ? std::abs(values_[l][i]) : values_[l][i]);
      to[2 * l + 1][o] += e;
    }
  }

  void backward(numbers error) {
    for (std::size_t l = case_.layers(); l-- > 0;) {
      add(gradients_, l, error, false);
      if (l == 0) break;
      error = to_inputs(l, error);
      for (const std::size_t unit : doubtful_[l - 1]) allow(l - 1, unit, error[unit]);
      for (std::size_t i = 0; i < error.size(); ++i) error[i] *= slope(values_[l][i]);
    }
  }

  /// What changes below when a unit of layer `l` switches, `change` being what then comes through it or does not.
  void allow(std::size_t l, std::size_t unit, double change) {
    numbers difference(case_.out(l));
    difference[unit] = change;
    for (;; --l) {
      add(allowances_, l, difference, true);
      if (l == 0) return;
      difference = to_inputs(l, difference);
      for (std::size_t i = 0; i < difference.size(); ++i) difference[i] *= slope(values_[l][i]);
    }
  }

  const model_case& case_;
  std::size_t batch_;
  problem problem_;
  std::vector<numbers> values_;                    ///< of one sample: inputs, then what each layer makes
  std::vector<std::vector<std::size_t>> doubtful_; ///< units of each layer
  std::vector<numbers> gradients_, allowances_;
};

class reference final : public contender {
public:
  explicit reference(int) {}
  std::string name() const override { return "reference"; }
  std::string version() const override { return "1"; }
  std::string kernels() const override { return "plain loops"; }
  std::unique_ptr<session> open(const model_case& c, phase, std::size_t batch) override {
    return std::make_unique<plain>(c, batch);
  }
};

} // namespace
} // namespace benchmarks

int main(int argc, char** argv) { return benchmarks::serve<benchmarks::reference>(argc, argv); }
