// SPDX-License-Identifier: MIT
// dlib's own networks: fully connected layers, activations and losses of its own, products by BLAS; the update by hand.
// A network's depth is part of its type and its widths are not: each depth that a case has is compiled once for each
// activation and loss that goes with it.
#include "../common/problem.hpp"
#include "../common/worker.hpp"
#include "blas.hpp"
#include "setting.hpp"

#include <dlib/dnn.h>
#include <dlib/revision.h>

namespace {

using namespace benchmarks;

template <template <class> class Activation, std::size_t Layers> struct chain {
  using type = dlib::fc<1, Activation<typename chain<Activation, Layers - 1>::type>>;
};
template <template <class> class Activation> struct chain<Activation, 1> {
  using type = dlib::fc<1, dlib::input<dlib::matrix<float>>>;
};

/// `Net` with its loss on top; `Label` as the loss wants it.
template <class Net, class Label> class network final : public session {
public:
  network(const model_case& c, phase p, std::size_t batch) : case_{c}, phase_{p} {
    const problem data(c, batch);
    x_.set_size(static_cast<long>(batch), static_cast<long>(c.features()));
    std::copy(data.inputs.begin(), data.inputs.end(), x_.host_write_only());
    for (std::size_t s = 0; s < batch; ++s) {
      if constexpr (is_regression) {
        Label label(static_cast<long>(c.outputs()), 1);
        for (std::size_t o = 0; o < c.outputs(); ++o) label(static_cast<long>(o)) = data.targets[s * c.outputs() + o];
        labels_.push_back(label);
      } else {
        labels_.push_back(static_cast<Label>(data.labels[s]));
      }
    }
    shape(data);
  }

  void repeat(std::size_t count) override {
    for (; count > 0; --count) {
      launder(x_.host());
      if (phase_ == phase::infer) {
        launder(const_cast<float*>(net_.subnet().forward(x_).host()));
        continue;
      }
      net_.compute_parameter_gradients(x_, labels_.begin());
      const float rate = learning_rate * scale();
      for (std::size_t l = 0; l < parameters_.size(); ++l) {
        float* const to = parameters_[l]->host();
        const float* const from = gradients_[l]->host();
        for (std::size_t i = 0; i < parameters_[l]->size(); ++i) to[i] -= rate * from[i];
      }
    }
  }

  std::vector<float> gradient() override {
    const double loss = net_.compute_parameter_gradients(x_, labels_.begin());
    find_gradients();
    std::vector<float> all{static_cast<float>(is_regression ? loss / static_cast<double>(case_.outputs()) : loss)};
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      const std::size_t in = case_.in(l), out = case_.out(l);
      const float* const from = gradients_[l]->host();
      for (std::size_t o = 0; o < out; ++o)
        for (std::size_t i = 0; i < in; ++i) all.push_back(scale() * from[i * out + o]);
      for (std::size_t o = 0; o < out; ++o) all.push_back(scale() * from[in * out + o]);
    }
    return all;
  }
  std::vector<float> output() override {
    const dlib::tensor& y = net_.subnet().forward(x_);
    return {y.host(), y.host() + y.size()};
  }

private:
  static constexpr bool is_regression = !std::is_integral_v<Label>;

  /// dlib's squared error is the sum over the outputs, and its derivatives are half of what they should be.
  float scale() const { return is_regression ? 2.0f / static_cast<float>(case_.outputs()) : 1.0f; }

  void shape(const problem& data) {
    std::size_t l = case_.layers(); // layers are visited from the output on
    dlib::visit_computational_layers(net_, [&](auto& layer) {
      if constexpr (requires { layer.set_num_outputs(1L); }) layer.set_num_outputs(static_cast<long>(case_.out(--l)));
    });
    // What a sample is, which dlib otherwise learns from the first one it is given; and memory for all parameters.
    const dlib::matrix<float> sample = dlib::zeros_matrix<float>(static_cast<long>(case_.features()), 1);
    dlib::resizable_tensor one;
    net_.to_tensor(&sample, &sample + 1, one);
    net_.subnet().forward(x_);

    parameters_.resize(case_.layers());
    l = case_.layers();
    dlib::visit_computational_layers(net_, [&](auto& layer) {
      if constexpr (requires { layer.set_num_outputs(1L); }) parameters_[--l] = &layer.get_layer_params();
    });
    for (l = 0; l < case_.layers(); ++l) {
      const std::size_t in = case_.in(l), out = case_.out(l);
      float* const to = parameters_[l]->host();
      for (std::size_t o = 0; o < out; ++o) {
        for (std::size_t i = 0; i < in; ++i) to[i * out + o] = data.weights[l][o * in + i];
        to[in * out + o] = data.biases[l][o];
      }
    }
    if (phase_ == phase::infer) return;
    net_.compute_parameter_gradients(x_, labels_.begin());
    find_gradients();
  }

  void find_gradients() {
    std::vector<const dlib::tensor*> parameters;
    dlib::visit_layer_parameters(net_, [&](std::size_t, dlib::tensor& t) { parameters.push_back(&t); });
    std::vector<dlib::tensor*> gradients;
    dlib::visit_layer_parameter_gradients(net_, [&](std::size_t, dlib::tensor& t) { gradients.push_back(&t); });
    gradients_.clear();
    for (const dlib::tensor* p : parameters_)
      gradients_.push_back(
          gradients[static_cast<std::size_t>(std::find(parameters.begin(), parameters.end(), p) - parameters.begin())]);
  }

  const model_case& case_;
  phase phase_;
  Net net_;
  dlib::resizable_tensor x_;
  std::vector<Label> labels_;
  std::vector<dlib::tensor*> parameters_, gradients_;
};

template <template <class> class Activation, std::size_t Layers>
using regression =
    network<dlib::loss_mean_squared_multioutput<typename chain<Activation, Layers>::type>, dlib::matrix<float>>;
template <template <class> class Activation, std::size_t Layers>
using classification = network<dlib::loss_multiclass_log<typename chain<Activation, Layers>::type>, unsigned long>;

/// The first of these depths that the case has.
template <template <template <class> class, std::size_t> class Kind, template <class> class Activation,
          std::size_t... Layers>
std::unique_ptr<session> make(const model_case& c, phase p, std::size_t batch) {
  std::unique_ptr<session> made;
  ((c.layers() == Layers ? void(made = std::make_unique<Kind<Activation, Layers>>(c, p, batch)) : void()), ...);
  if (!made)
    throw cannot("dlib's networks have their depth in their type, and " + std::to_string(c.layers()) +
                 " layers take too long to compile");
  return made;
}

struct dlib_peer final : contender {
  explicit dlib_peer(int) {} // BLAS has read the variable
  std::string name() const override { return "dlib"; }
  std::string kernels() const override { return blas_in_use(); }
  std::string version() const override {
    return std::to_string(DLIB_MAJOR_VERSION) + '.' + std::to_string(DLIB_MINOR_VERSION);
  }
  std::unique_ptr<session> open(const model_case& c, phase p, std::size_t batch) override {
    const bool classes = c.trained_on == loss::cross_entropy;
    if (c.after == activation::tanh && !classes) return make<regression, dlib::htan, 1, 2, 3, 4, 8, 16>(c, p, batch);
    if (c.after == activation::relu && !classes) return make<regression, dlib::relu, 3, 4>(c, p, batch);
    if (c.after == activation::sigmoid && !classes) return make<regression, dlib::sig, 20>(c, p, batch);
    if (c.after == activation::relu) return make<classification, dlib::relu, 2, 3, 4, 6, 10>(c, p, batch);
    if (c.after == activation::sigmoid) return make<classification, dlib::sig, 3>(c, p, batch);
    throw cannot("no case has this activation and this loss");
  }
};

} // namespace

int main(int argc, char** argv) {
  settle(argv, threads_of(argc, argv));
  return serve<dlib_peer>(argc, argv);
}
