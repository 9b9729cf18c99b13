// SPDX-License-Identifier: MIT
#include <fusegrad/layer/dense.hpp>
#include <fusegrad/layer/model.hpp>
#include <fusegrad/train/gradients.hpp>
#include <fusegrad/train/losses.hpp>

#include "support/exchange.hpp"

#include <array>
#include <numeric>

namespace {

namespace fg = fusegrad;

constexpr std::size_t count = 37, width = 5;

// Sample i has input i set to 1 and no other: column i of the weights is what the model predicts for it, and the
// gradient with respect to that column is the loss's own.
constexpr auto model = fg::input<count> | fg::dense<width>.without_bias();
using model_type = std::remove_cv_t<decltype(model)>;

template <class T> class experiment {
public:
  explicit experiment(parity::exchange& io) : io_{io}, inputs_(count * count) {
    for (std::size_t i = 0; i < count; ++i) inputs_[i * count + i] = 1;
    weights_.write("0.weight", io.numbers<T>("predictions"));
  }

  template <class Loss> void with_targets(const char* name, Loss loss, const char* targets) {
    const auto numbers = io_.numbers<T>(targets);
    run(name, loss, fg::with_targets<T>(inputs_, count, numbers, width));
  }
  template <class Loss> void with_labels(const char* name, Loss loss) {
    const auto labels = io_.numbers<std::int32_t>("labels");
    run(name, loss, fg::labelled<T>(inputs_, count, labels));
  }

private:
  template <class Loss, class Samples> void run(const std::string& name, Loss loss, const Samples& samples) {
    std::array<std::uint32_t, count> indices{};
    std::iota(indices.begin(), indices.end(), 0u);
    fg::gradients<model_type, Loss, T> gradients{model, loss, count};
    const fg::batch_result result = gradients.compute(weights_, samples, indices);
    io_.write(parity::prefix<T>() + name + ".value", std::array{result.loss});
    io_.write(parity::prefix<T>() + name + ".gradient", gradients.read("0.weight"));
  }

  parity::exchange& io_;
  std::vector<T> inputs_;
  fg::weights<model_type, T> weights_;
};

/// Names, targets and settings are those of losses.py.
template <class T> void run_all(parity::exchange& io) {
  experiment<T> e(io);
  e.with_targets("mean_squared_error", fg::mean_squared_error, "targets");
  e.with_targets("mean_absolute_error", fg::mean_absolute_error, "targets");
  e.with_targets("huber", fg::huber, "targets");
  e.with_targets("binary_cross_entropy", fg::binary_cross_entropy, "shares");
  e.with_targets("weighted_binary_cross_entropy", fg::weighted_binary_cross_entropy<3.5>, "shares");
  e.with_labels("binary_cross_entropy_labels", fg::binary_cross_entropy);
  e.with_targets("hinge", fg::hinge, "signs");
  e.with_labels("hinge_labels", fg::hinge);
  constexpr auto cross_entropy = fg::softmax_cross_entropy;
  constexpr std::array weights{0.5, 2.0, 1.0, 0.0, 3.25};
  e.with_labels("cross_entropy", cross_entropy);
  e.with_targets("cross_entropy_soft", cross_entropy, "soft_labels");
  e.with_targets("cross_entropy_soft_smoothed", cross_entropy.label_smoothing(0.1), "soft_labels");
  e.with_targets("cross_entropy_soft_weighted", cross_entropy.class_weights(weights), "soft_labels");
  e.with_labels("cross_entropy_smoothed", cross_entropy.label_smoothing(0.1));
  e.with_labels("cross_entropy_weighted", cross_entropy.class_weights(weights));
  e.with_labels("cross_entropy_weighted_smoothed", cross_entropy.class_weights(weights).label_smoothing(0.1));
}

} // namespace

int main(int argument_count, char** arguments) {
  parity::exchange io(argument_count, arguments);
  run_all<float>(io);
  run_all<double>(io);
}
