// SPDX-License-Identifier: MIT
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/attention.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/layer/reshape.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>

#include "support/classified_rows.hpp"

#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

// No number is a multiple of a vector's.
constexpr std::size_t positions = 7, columns = 15;
constexpr auto model = fg::input<positions, columns> | fg::self_attention<3> | fg::tanh |
                       fg::self_attention<5>.causal() | fg::flatten | fg::dense<5>;
using model_type = std::remove_cv_t<decltype(model)>;

} // namespace

int main(int count, char** arguments) {
  parity::exchange io(count, arguments);
  const parity::classified_rows rows(io, positions * columns);
  fg::weights<model_type, double> weights;
  rows.set(weights);
  fg::gradients<model_type, std::remove_cv_t<decltype(fg::softmax_cross_entropy)>, double> gradients{
      model, fg::softmax_cross_entropy, rows.indices().size()};
  io.write("loss", std::vector{gradients.compute(weights, rows.samples(), rows.indices()).loss});
  for (const std::string& name : weights.parameter_names()) io.write("gradient." + name, gradients.read(name));

  fg::trainer trainer{model, fg::softmax_cross_entropy, fg::momentum_sgd{.learning_rate = 0.1, .momentum = 0.8},
                      fg::training_options<double>{}};
  rows.set(trainer);
  io.write("before", trainer.predict(rows.inputs()));
  trainer.step(rows.samples(), rows.indices());
  rows.report("after", trainer);
}
