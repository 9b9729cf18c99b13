// SPDX-License-Identifier: MIT
#pragma once

#include "common/problem.hpp"
#include "entry.hpp"

#include <fusegrad/training.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace benchmarks {

namespace fg = fusegrad;

constexpr std::size_t index_of_case(std::string_view name) {
  return static_cast<std::size_t>(find_case(name) - all_cases.data());
}

/// Whether a model is what the table says: dense layers of these widths, an activation after all but the last.
template <class Model> constexpr bool is_written_as(Model model, const model_case& c) {
  if (Model::layer_count() != 2 * c.layers() - 1 || Model::input_size() != c.features()) return false;
  for (std::size_t l = 0; l < c.layers(); ++l) {
    const auto& dense = model.plan().layers()[2 * l];
    if (dense.name != "dense" || dense.output.size() != c.out(l) || dense.parameters != (c.in(l) + 1) * c.out(l))
      return false;
    if (l + 1 < c.layers() &&
        model.plan().layers()[2 * l + 1].name != activation_names[static_cast<std::size_t>(c.after)])
      return false;
  }
  return model.parameter_count() == c.parameters();
}

/// More than one thread: as many as OpenMP offers, which `--threads` sets, and the work pays for. That is what users
/// get.
inline int asked_for(int threads) { return threads == 1 ? 1 : 0; }

template <class Model> fg::weights<Model> initial_weights(const problem& p) {
  fg::weights<Model> w;
  const auto names = w.parameter_names();
  for (std::size_t l = 0; l < p.weights.size(); ++l) {
    w.write(names[2 * l], p.weights[l]);
    w.write(names[2 * l + 1], p.biases[l]);
  }
  return w;
}

template <std::size_t Case> constexpr auto loss_of() {
  if constexpr (all_cases[Case].trained_on == loss::cross_entropy)
    return fg::softmax_cross_entropy;
  else
    return fg::mean_squared_error;
}

template <std::size_t Case, class Model> class training final : public session {
  static constexpr const model_case& facts = all_cases[Case];
  static constexpr auto loss_function = loss_of<Case>();
  using loss_type = std::remove_const_t<decltype(loss_function)>;

public:
  training(std::size_t batch, int threads)
      : problem_{facts, batch}, indices_(batch), threads_{asked_for(threads)},
        trainer_{Model{},
                 loss_function,
                 fg::sgd{.learning_rate = learning_rate},
                 {.largest_batch = batch, .threads = threads_}} {
    std::iota(indices_.begin(), indices_.end(), 0u);
    trainer_.parameters() = initial_weights<Model>(problem_);
  }

  void repeat(std::size_t count) override {
    const auto samples = view();
    for (; count > 0; --count) {
      launder(problem_.inputs.data());
      auto result = trainer_.step(samples, indices_);
      launder(&result);
    }
  }

  std::vector<float> gradient() override {
    fg::gradients<Model, loss_type> gradients{Model{}, loss_function, indices_.size(), threads_};
    const auto before = trainer_.parameters();
    std::vector<float> out{static_cast<float>(gradients.compute(before, view(), indices_).loss)};
    repeat(1);
    for (const std::string& name : before.parameter_names()) {
      const std::vector<float> g = gradients.read(name);
      check_step(name, before.read(name), g, trainer_.read(name));
      out.insert(out.end(), g.begin(), g.end());
    }
    return out;
  }

  std::vector<float> output() override { throw std::logic_error("a session that trains was asked for outputs"); }

private:
  auto view() const {
    const std::span<const float> inputs(problem_.inputs);
    if constexpr (facts.trained_on == loss::cross_entropy)
      return fg::labelled<float>(inputs, facts.features(), problem_.labels);
    else
      return fg::with_targets<float>(inputs, facts.features(), problem_.targets, facts.outputs());
  }

  /// What is timed is a step, which may make its gradients in another way than those that are compared: they must be
  /// the same.
  static void check_step(const std::string& name, const std::vector<float>& before, const std::vector<float>& gradient,
                         const std::vector<float>& after) {
    float largest = 0;
    for (float g : gradient) largest = std::max(largest, std::abs(g));
    for (std::size_t i = 0; i < before.size(); ++i) {
      const float allowed = 1e-4f * learning_rate * largest + 2e-7f * std::abs(before[i]);
      if (!(std::abs(after[i] - (before[i] - learning_rate * gradient[i])) <= allowed))
        throw std::runtime_error("a step does not follow the gradient: " + name + "[" + std::to_string(i) + "]");
    }
  }

  problem problem_;
  std::vector<std::uint32_t> indices_;
  int threads_;
  fg::trainer<Model, loss_type, fg::sgd> trainer_;
};

template <std::size_t Case, class Model> class inferring final : public session {
  static constexpr const model_case& facts = all_cases[Case];

public:
  inferring(std::size_t batch, int threads)
      : problem_{facts, batch}, net_{initial_weights<Model>(problem_)}, memory_{asked_for(threads)},
        outputs_(batch * facts.outputs()) {}

  void repeat(std::size_t count) override {
    for (; count > 0; --count) {
      launder(problem_.inputs.data());
      compute();
      launder(outputs_.data());
    }
  }

  std::vector<float> gradient() override { throw std::logic_error("a session that infers was asked for a gradient"); }

  std::vector<float> output() override {
    compute();
    return outputs_;
  }

private:
  void compute() noexcept {
    if constexpr (fg::inference<Model>::fits_stack)
      if (outputs_.size() == facts.outputs()) {
        const auto out = net_(std::span<const float, facts.features()>(problem_.inputs));
        std::copy(out.begin(), out.end(), outputs_.begin());
        return;
      }
    net_.predict(problem_.inputs, outputs_, memory_);
  }

  problem problem_;
  fg::inference<Model> net_;
  typename fg::inference<Model>::workspace memory_;
  std::vector<float> outputs_;
};

template <std::size_t Case, auto Model> entry entry_of() {
  using model = std::remove_const_t<decltype(Model)>;
  static_assert(is_written_as(model{}, all_cases[Case]));
  return {all_cases[Case].name, [](phase p, std::size_t batch, int threads) -> std::unique_ptr<session> {
            if (p == phase::train) return std::make_unique<training<Case, model>>(batch, threads);
            return std::make_unique<inferring<Case, model>>(batch, threads);
          }};
}

} // namespace benchmarks
