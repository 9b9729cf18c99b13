// SPDX-License-Identifier: MIT
#pragma once

#include "exchange.hpp"

#include <cstddef>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>
#include <span>
#include <string>
#include <vector>

namespace parity {

/// What a net of several outputs puts out, and for each output the gradient of a loss of it alone: the targets miss it
/// by given numbers, and are what is put out of all others.
template <class Model, class Loss>
void differentiate(exchange& io, const std::string& name, const Model& model, const Loss& loss) {
  fusegrad::trainer<Model, Loss, fusegrad::sgd, double> trainer{model, loss, fusegrad::sgd{}, {.threads = 1}};
  const auto weights = io.numbers<double>(name + ".weights");
  std::size_t next = 0;
  for (const std::string& parameter : trainer.parameter_names()) {
    const std::size_t size = trainer.read(parameter).size();
    trainer.write(parameter, std::span(weights).subspan(next, size));
    next += size;
  }
  const auto inputs = io.numbers<double>(name + ".inputs"), misses = io.numbers<double>(name + ".misses");
  const std::vector<double> outputs = trainer.predict(inputs);
  io.write(name + ".outputs", outputs);
  constexpr std::size_t width = Model::output_size(), count = Model::output_count(), each = width / count;
  std::vector<double> gradient(trainer.gradient_size());
  for (std::size_t k = 0; k < count; ++k) {
    std::vector<double> targets = outputs;
    for (std::size_t i = 0; i < targets.size(); ++i)
      if (i % width / each == k) targets[i] -= misses[i];
    trainer.loss_and_gradient(fusegrad::with_targets<double>(inputs, Model::input_size(), targets, width), gradient);
    io.write(name + ".gradient." + std::to_string(k), gradient);
  }
}

} // namespace parity
