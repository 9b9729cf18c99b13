// SPDX-License-Identifier: MIT
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/batch_norm.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/dropout.hpp>
#include <fusegrad/layer/layer_norm.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/plan/inference.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>

#include "support/exchange.hpp"

#include <numeric>

namespace {

namespace fg = fusegrad;

// No width is a multiple of a vector's.
constexpr std::size_t features = 11, classes = 5;
constexpr auto model = fg::input<features> | fg::dense<13> | fg::batch_norm | fg::tanh | fg::dense<17> | fg::layer_norm | fg::silu | fg::dense<9>
                     | fg::rms_norm | fg::dense<classes>;
constexpr auto random_slopes = fg::input<features> | fg::rrelu<0.1, 0.3>;

class experiment {
public:
  explicit experiment(parity::exchange& io)
      : io_{io}, inputs_{io.numbers<double>("inputs")}, labels_{io.numbers<std::int32_t>("labels")}, indices_(labels_.size()) {
    std::iota(indices_.begin(), indices_.end(), 0u);
  }

  /// Several steps; then parameters and states, and outputs by the running statistics.
  void steps(const std::string& prefix, fg::training_options<double> options) {
    fg::trainer trainer{model, fg::softmax_cross_entropy, fg::momentum_sgd{.learning_rate = 0.1, .momentum = 0.8}, options};
    for (const std::string& name : trainer.parameter_names()) trainer.write(name, io_.numbers<double>(name));
    std::vector<double> losses;
    for (int step = 0; step < 6; ++step) losses.push_back(trainer.step(fg::labelled<double>(inputs_, features, labels_), indices_).loss);
    io_.write(prefix + ".losses", losses);
    for (const std::string& name : trainer.parameter_names()) io_.write(prefix + '.' + name, trainer.read(name));
    io_.write(prefix + ".outputs", trainer.predict(inputs_));
  }

  void rrelu() {
    using model_type = std::remove_cv_t<decltype(random_slopes)>;
    const fg::inference<model_type, double> net{fg::weights<model_type, double>{}};
    std::vector<double> out(inputs_.size());
    fg::inference<model_type, double>::workspace memory;
    net.predict(inputs_, out, memory);
    io_.write("rrelu", out);
  }

private:
  parity::exchange& io_;
  std::vector<double> inputs_;
  std::vector<std::int32_t> labels_;
  std::vector<std::uint32_t> indices_;
};

} // namespace

int main(int count, char** arguments) {
  parity::exchange io(count, arguments);
  experiment e(io);
  e.steps("plain", {});
  e.steps("clipped", {.clip_norm_of_each = 0.05});
  e.steps("limited", {.max_norm = 0.5});
  e.rrelu();
}
