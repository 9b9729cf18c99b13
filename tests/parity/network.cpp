// SPDX-License-Identifier: MIT
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>

#include "support/classified_rows.hpp"

#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

// No width is a multiple of a vector's.
constexpr std::size_t features = 11;
constexpr auto model = fg::input<features> | fg::dense<13> | fg::tanh | fg::dense<17> | fg::silu | fg::dense<5>;
using model_type = std::remove_cv_t<decltype(model)>;

void gradients(parity::exchange& io, const parity::classified_rows& rows) {
  fg::weights<model_type, double> weights;
  rows.set(weights);
  fg::gradients<model_type, std::remove_cv_t<decltype(fg::softmax_cross_entropy)>, double> gradients{
      model, fg::softmax_cross_entropy, rows.indices().size()};
  io.write("loss", std::vector{gradients.compute(weights, rows.samples(), rows.indices()).loss});
  for (const std::string& name : weights.parameter_names()) io.write("gradient." + name, gradients.read(name));
}

template <class Rule> void steps(const parity::classified_rows& rows, const std::string& prefix, Rule rule) {
  fg::trainer trainer{model, fg::softmax_cross_entropy, rule, fg::training_options<double>{}};
  rows.set(trainer);
  for (int step = 0; step < 10; ++step) trainer.step(rows.samples(), rows.indices());
  rows.report(prefix, trainer);
}

} // namespace

int main(int count, char** arguments) {
  parity::exchange io(count, arguments);
  const parity::classified_rows rows(io, features);
  gradients(io, rows);
  steps(rows, "sgd", fg::sgd{.learning_rate = 0.1});
  steps(rows, "adam", fg::adam{.learning_rate = 0.01});
}
