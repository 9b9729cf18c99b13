// SPDX-License-Identifier: MIT
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/layer/layer_norm.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/model/inference.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>

#include "support/classified_rows.hpp"

#include <string>
#include <vector>

namespace {

namespace fg = fusegrad;

// No width is a multiple of a vector's.
constexpr std::size_t features = 11, classes = 5;
constexpr auto model = fg::input<features> | fg::dense<13> | fg::batch_norm | fg::tanh | fg::dense<17> |
                       fg::layer_norm | fg::silu | fg::dense<9> | fg::rms_norm | fg::dense<classes>;
constexpr auto random_slopes = fg::input<features> | fg::rrelu<0.1, 0.3>;

/// Several steps; then parameters and states, and outputs by the running statistics.
void steps(parity::exchange& io, const parity::classified_rows& rows, const std::string& prefix,
           fg::training_options<double> options) {
  fg::trainer trainer{model, fg::softmax_cross_entropy, fg::momentum_sgd{.learning_rate = 0.1, .momentum = 0.8},
                      options};
  rows.set(trainer);
  std::vector<double> losses;
  for (int step = 0; step < 6; ++step) losses.push_back(trainer.step(rows.samples(), rows.indices()).loss);
  io.write(prefix + ".losses", losses);
  rows.report(prefix, trainer);
}

void rrelu(parity::exchange& io, const parity::classified_rows& rows) {
  using model_type = std::remove_cv_t<decltype(random_slopes)>;
  const fg::inference<model_type, double> net{fg::weights<model_type, double>{}};
  std::vector<double> out(rows.inputs().size());
  fg::inference<model_type, double>::workspace memory;
  net.predict(rows.inputs(), out, memory);
  io.write("rrelu", out);
}

} // namespace

int main(int count, char** arguments) {
  parity::exchange io(count, arguments);
  const parity::classified_rows rows(io, features);
  steps(io, rows, "plain", {});
  steps(io, rows, "clipped", {.clip_norm_of_each = 0.05});
  steps(io, rows, "limited", {.max_norm = 0.5});
  rrelu(io, rows);
}
