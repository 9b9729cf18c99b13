// SPDX-License-Identifier: MIT
#include <fusegrad/layer/activations.hpp>
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/train/losses.hpp>
#include <fusegrad/train/trainer.hpp>
#include <fusegrad/train/update_rules.hpp>

#include "support/exchange.hpp"

#include <numeric>

namespace {

namespace fg = fusegrad;

// No width is a multiple of a vector's.
constexpr std::size_t features = 11;
constexpr auto model = fg::input<features> | fg::dense<13> | fg::tanh | fg::dense<17> | fg::silu | fg::dense<5>;
using model_type = std::remove_cv_t<decltype(model)>;

class experiment {
public:
  explicit experiment(parity::exchange& io)
      : io_{io}, inputs_{io.numbers<double>("inputs")}, labels_{io.numbers<std::int32_t>("labels")}, indices_(labels_.size()) {
    std::iota(indices_.begin(), indices_.end(), 0u);
  }

  void gradients() {
    fg::weights<model_type, double> weights;
    set(weights);
    fg::gradients<model_type, std::remove_cv_t<decltype(fg::softmax_cross_entropy)>, double> gradients{
        model, fg::softmax_cross_entropy, indices_.size()};
    io_.write("loss", std::vector{gradients.compute(weights, samples(), indices_).loss});
    for (const std::string& name : weights.parameter_names()) io_.write("gradient." + name, gradients.read(name));
  }

  template <class Rule> void steps(const std::string& prefix, Rule rule) {
    fg::trainer trainer{model, fg::softmax_cross_entropy, rule, fg::training_options<double>{}};
    set(trainer);
    for (int step = 0; step < 10; ++step) trainer.step(samples(), indices_);
    for (const std::string& name : trainer.parameter_names()) io_.write(prefix + '.' + name, trainer.read(name));
    io_.write(prefix + ".outputs", trainer.predict(inputs_));
  }

private:
  fg::sample_view<double> samples() const { return fg::labelled<double>(inputs_, features, labels_); }

  template <class Store> void set(Store& store) const {
    for (const std::string& name : store.parameter_names()) store.write(name, io_.numbers<double>(name));
  }

  parity::exchange& io_;
  std::vector<double> inputs_;
  std::vector<std::int32_t> labels_;
  std::vector<std::uint32_t> indices_;
};

} // namespace

int main(int count, char** arguments) {
  parity::exchange io(count, arguments);
  experiment e(io);
  e.gradients();
  e.steps("sgd", fg::sgd{.learning_rate = 0.1});
  e.steps("adam", fg::adam{.learning_rate = 0.01});
}
