// SPDX-License-Identifier: MIT
#pragma once

#include "laws/interpreter.hpp"
#include "random.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/train/gradients.hpp>
#include <numeric>
#include <random>
#include <string_view>
#include <vector>

namespace fusegrad::test {

inline double norm(const std::vector<double>& v) {
  double square = 0;
  for (double x : v) square += x * x;
  return std::sqrt(square);
}

/// |a - b| as a share of |b|.
template <class A, class B> double distance(const std::vector<A>& a, const std::vector<B>& b) {
  BOOST_REQUIRE_EQUAL(a.size(), b.size());
  std::vector<double> error, reference;
  for (std::size_t i = 0; i < a.size(); ++i) {
    error.push_back(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    reference.push_back(static_cast<double>(b[i]));
  }
  return norm(error) / std::max(norm(reference), 1e-3);
}

template <class T> bool same_bits(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

/// What a batch gives: the loss, and the gradient of every parameter in the order of the graph.
template <class T> struct loss_and_gradient {
  double loss = 0;
  std::vector<std::vector<T>> gradients;
};

/// Random samples, and one compiled model with one loss under test.
template <class Model, class Loss> class compiled_model {
public:
  static constexpr std::size_t most_samples = 97;
  static constexpr std::size_t target_width = Loss::target_shape(Model::output_shape()).size();

  compiled_model(Model, Loss loss, double target_low = -2, double target_high = 2) : loss_{loss}, weights_{Model{}, 5} {
    for (const auto& name : weights<Model, double>::parameter_names()) {
      auto numbers = weights_.read(name);
      for (double& x : numbers) x = rounded(x + 0.05 * normal(engine_)); // biases too
      weights_.write(name, numbers);
    }
    for (std::size_t i = 0; i < most_samples * Model::input_size(); ++i) inputs_.push_back(rounded(normal(engine_)));
    for (std::size_t i = 0; i < most_samples * target_width; ++i)
      targets_.push_back(rounded(uniform(engine_, target_low, target_high)));
  }

  /// Against plain loops over the graph.
  void agrees_with_the_graph() {
    for (std::size_t batch = 1; batch <= most_samples;
         batch = batch < 50 ? batch + 1 : most_samples + batch / most_samples)
      agrees_with_the_graph(batch);
  }
  void agrees_with_the_graph(std::size_t batch) {
    const auto expected = by_graph(batch), found = compute<double>(first(batch));
    BOOST_TEST(std::abs(found.loss - expected.loss) <= 1e-12 * (1 + std::abs(expected.loss)),
               "batch " << batch << ": loss " << found.loss << ", expected " << expected.loss);
    for (std::size_t p = 0; p < expected.gradients.size(); ++p)
      BOOST_TEST(distance(found.gradients[p], expected.gradients[p]) <= 1e-12,
                 "batch " << batch << ", parameter " << p);
  }

  void float_agrees_with_double(double tolerance = 1e-4) {
    for (std::size_t batch : {1u, 17u, 97u}) {
      const auto expected = compute<double>(first(batch));
      const auto found = compute<float>(first(batch));
      BOOST_TEST(std::abs(found.loss - expected.loss) <= tolerance * (1 + std::abs(expected.loss)));
      for (std::size_t p = 0; p < expected.gradients.size(); ++p)
        BOOST_TEST(distance(found.gradients[p], expected.gradients[p]) <= tolerance,
                   "batch " << batch << ", parameter " << p);
    }
  }

  /// The gradient of a mean is the mean of the samples' gradients.
  void is_the_sum_of_its_samples() {
    constexpr std::size_t batch = 37;
    const auto whole = compute<double>(first(batch));
    loss_and_gradient<double> sum;
    for (std::uint32_t i = 0; i < batch; ++i) {
      const auto one = compute<double>({i});
      sum.loss += one.loss / batch;
      sum.gradients.resize(one.gradients.size());
      for (std::size_t p = 0; p < one.gradients.size(); ++p) {
        sum.gradients[p].resize(one.gradients[p].size());
        for (std::size_t k = 0; k < one.gradients[p].size(); ++k) sum.gradients[p][k] += one.gradients[p][k] / batch;
      }
    }
    BOOST_TEST(std::abs(whole.loss - sum.loss) <= 1e-12 * (1 + std::abs(sum.loss)));
    for (std::size_t p = 0; p < sum.gradients.size(); ++p)
      BOOST_TEST(distance(whole.gradients[p], sum.gradients[p]) <= 1e-12);
  }

  /// Twenty times the same samples have the same mean; the batch is so large that each slice goes through several
  /// tiles.
  void repeats_change_nothing() {
    std::vector<std::uint32_t> repeated;
    for (int i = 0; i < 20; ++i)
      for (std::uint32_t sample : first(most_samples)) repeated.push_back(sample);
    const auto once = compute<double>(first(most_samples)), often = compute<double>(repeated, 2);
    BOOST_TEST(std::abs(often.loss - once.loss) <= 1e-12 * (1 + std::abs(once.loss)));
    for (std::size_t p = 0; p < once.gradients.size(); ++p)
      BOOST_TEST(distance(often.gradients[p], once.gradients[p]) <= 1e-12);
  }

  void has_the_same_bits_on_any_number_of_threads() {
    for (std::size_t batch : {1u, 2u, 5u, 13u, 33u, 50u, 97u}) {
      const auto expected = compute<float>(first(batch), 1);
      for (int threads : {2, 3, 4, 8}) {
        const auto found = compute<float>(first(batch), threads);
        BOOST_TEST(found.loss == expected.loss);
        for (std::size_t p = 0; p < expected.gradients.size(); ++p)
          BOOST_TEST(same_bits(found.gradients[p], expected.gradients[p]),
                     threads << " threads, batch " << batch << ", parameter " << p);
      }
    }
  }

  /// A sample alone is summed in another order, the same for every way to ask for it.
  void infers_one_sample_like_many() {
    const inference<Model, float> model(weights_of<float>());
    typename inference<Model, float>::workspace memory;
    const auto samples = as<float>(inputs_);
    std::vector<float> together(most_samples * Model::output_size());
    model.predict(samples, together, memory);
    for (std::size_t i = 0; i < most_samples; ++i) {
      const auto sample = std::span<const float>(samples).subspan(i * Model::input_size());
      const auto found = model(sample.template first<Model::input_size()>());
      const std::vector<float> one(found.begin(), found.end());
      const std::vector<float> expected(together.begin() + static_cast<std::ptrdiff_t>(i * one.size()),
                                        together.begin() + static_cast<std::ptrdiff_t>((i + 1) * one.size()));
      BOOST_TEST(distance(one, expected) <= 1e-5, "sample " << i);
      std::vector<float> alone(one.size());
      model.predict(sample.template first<Model::input_size()>(), alone, memory);
      BOOST_TEST(same_bits(alone, one), "sample " << i << " alone");
    }
  }

  void predicts_the_same_bits_on_any_number_of_threads() {
    using inference = inference<Model, float>;
    const inference model(weights_of<float>());
    const auto samples = as<float>(inputs_);
    for (std::size_t count : {1u, 2u, 5u, 24u, 49u, 97u}) {
      const auto predicted_by = [&](int threads) {
        typename inference::workspace memory(threads);
        std::vector<float> out(count * Model::output_size());
        model.predict(std::span(samples).first(count * Model::input_size()), out, memory);
        return out;
      };
      const auto expected = predicted_by(1);
      for (int threads : {2, 3, 8})
        BOOST_TEST(same_bits(predicted_by(threads), expected), threads << " threads, " << count << " samples");
    }
  }

  void everything() {
    float_agrees_with_double();
    has_the_same_bits_on_any_number_of_threads();
    everything_in_double();
  }

  /// What does not train in float, which would be as much again to compile. How nodes are joined is the same in both.
  void everything_in_double() {
    agrees_with_the_graph();
    is_the_sum_of_its_samples();
    repeats_change_nothing();
    infers_one_sample_like_many();
    predicts_the_same_bits_on_any_number_of_threads();
  }

  static std::vector<std::uint32_t> first(std::size_t batch) {
    std::vector<std::uint32_t> indices(batch);
    std::iota(indices.begin(), indices.end(), 0u);
    return indices;
  }

  template <class T> loss_and_gradient<T> compute(const std::vector<std::uint32_t>& indices, int threads = 1) const {
    gradients<Model, Loss, T> g(Model{}, loss_, indices.size(), threads);
    const auto inputs = as<T>(inputs_), targets = as<T>(targets_);
    const auto samples = with_targets<T>(inputs, Model::input_size(), targets, target_width);
    const weights<Model, T> w = weights_of<T>();
    loss_and_gradient<T> out;
    // Twice: what the first pass leaves in memory must not matter.
    for (int pass = 0; pass < 2; ++pass) out.loss = g.compute(w, samples, indices).loss;
    for (const auto& name : weights<Model, T>::parameter_names()) out.gradients.push_back(g.read(name));
    return out;
  }

  loss_and_gradient<double> by_graph(std::size_t batch) const {
    const graph::graph g = plan::graph_of<Model, Loss, plan::purpose::train>();
    interpreter<double> run;
    std::size_t column = 0;
    for (std::size_t i = 0; i + 1 < g.inputs.size(); ++i) {
      table_of<double> rows{g.inputs[i].size(), {}};
      for (std::size_t s = 0; s < batch; ++s)
        for (std::size_t k = 0; k < rows.width; ++k)
          rows.numbers.push_back(inputs_[s * Model::input_size() + column + k]);
      column += rows.width;
      run.inputs.push_back(rows);
    }
    run.inputs.push_back({target_width, targets_});
    for (const auto& name : weights<Model, double>::parameter_names()) run.parameters.push_back(weights_.read(name));
    const auto indices = first(batch);
    const auto samples = with_targets<double>(inputs_, Model::input_size(), targets_, target_width);
    run.uniforms[static_cast<int>(graph::uniform::one_over_batch)] = 1 / static_cast<double>(batch);
    run.uniforms[static_cast<int>(graph::uniform::loss_scale)] =
        1 / loss_.normaliser(samples, indices, Model::output_size());
    run.run(g, batch, g.operations.size());
    return {run.loss, run.gradients};
  }

private:
  static double rounded(double x) {
    return static_cast<double>(static_cast<float>(x));
  } // the same number in float and double

  template <class T> static std::vector<T> as(const std::vector<double>& v) {
    std::vector<T> out;
    for (double x : v) out.push_back(static_cast<T>(x));
    return out;
  }
  template <class T> weights<Model, T> weights_of() const {
    weights<Model, T> w;
    for (const auto& name : weights<Model, double>::parameter_names()) w.write(name, as<T>(weights_.read(name)));
    return w;
  }

  std::mt19937 engine_{11};
  Loss loss_;
  weights<Model, double> weights_;
  std::vector<double> inputs_, targets_;
};

} // namespace fusegrad::test
