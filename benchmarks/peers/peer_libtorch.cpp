// SPDX-License-Identifier: MIT
// LibTorch from C++, eager, with the update written by hand. One small file: the headers take long to compile.
#include "../common/problem.hpp"
#include "../common/worker.hpp"
#include "blas.hpp"
#include "setting.hpp"

#include <torch/torch.h>
#include <torch/version.h>

namespace {

using namespace benchmarks;

class eager final : public session {
public:
  eager(const model_case& c, phase p, std::size_t batch) : case_{c}, phase_{p} {
    const problem numbers(c, batch);
    const auto copy = [](const std::vector<float>& from, std::vector<std::int64_t> shape) {
      return torch::from_blob(const_cast<float*>(from.data()), shape).clone();
    };
    const auto n = [](std::size_t size) { return static_cast<std::int64_t>(size); };
    for (std::size_t l = 0; l < c.layers(); ++l) {
      parameters_.push_back(copy(numbers.weights[l], {n(c.out(l)), n(c.in(l))}));
      parameters_.push_back(copy(numbers.biases[l], {n(c.out(l))}));
    }
    if (p == phase::train)
      for (auto& parameter : parameters_) parameter.requires_grad_();
    inputs_ = copy(numbers.inputs, {n(batch), n(c.features())});
    if (c.trained_on == loss::cross_entropy) {
      targets_ = torch::empty({n(batch)}, torch::kInt64);
      std::copy(numbers.labels.begin(), numbers.labels.end(), targets_.data_ptr<std::int64_t>());
    } else {
      targets_ = copy(numbers.targets, {n(batch), n(c.outputs())});
    }
  }

  void repeat(std::size_t count) override {
    if (phase_ == phase::infer) {
      const c10::InferenceMode guard;
      for (; count > 0; --count) outputs_ = forward();
      return;
    }
    for (; count > 0; --count) {
      const auto gradients = torch::autograd::grad({criterion()}, parameters_);
      const torch::NoGradGuard guard;
      for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].add_(gradients[i], -learning_rate);
    }
  }

  std::vector<float> gradient() override {
    const auto value = criterion();
    std::vector<float> all;
    append(all, value);
    for (const auto& g : torch::autograd::grad({value}, parameters_)) append(all, g);
    return all;
  }
  std::vector<float> output() override {
    const c10::InferenceMode guard;
    std::vector<float> all;
    append(all, forward());
    return all;
  }

private:
  torch::Tensor forward() const {
    torch::Tensor values = inputs_;
    for (std::size_t l = 0; l < case_.layers(); ++l) {
      values = torch::linear(values, parameters_[2 * l], parameters_[2 * l + 1]);
      if (l + 1 == case_.layers()) break;
      if (case_.after == activation::tanh)
        values = torch::tanh(values);
      else if (case_.after == activation::relu)
        values = torch::relu(values);
      else
        values = torch::sigmoid(values);
    }
    return values;
  }
  torch::Tensor criterion() const {
    return case_.trained_on == loss::cross_entropy ? torch::cross_entropy_loss(forward(), targets_)
                                                   : torch::mse_loss(forward(), targets_);
  }
  static void append(std::vector<float>& to, const torch::Tensor& tensor) {
    const auto plain = tensor.detach().contiguous();
    to.insert(to.end(), plain.data_ptr<float>(), plain.data_ptr<float>() + plain.numel());
  }

  const model_case& case_;
  phase phase_;
  std::vector<torch::Tensor> parameters_;
  torch::Tensor inputs_, targets_, outputs_;
};

struct libtorch final : contender {
  explicit libtorch(int threads) { at::set_num_threads(threads); }
  std::string name() const override { return "libtorch"; }
  std::string version() const override { return TORCH_VERSION; }
  std::string kernels() const override {
    const std::string told = at::show_config(), before = "CPU capability usage: ";
    const std::size_t found = told.find(before);
    if (found == std::string::npos) return "ATen does not tell its kernels; " + blas_in_use();
    const std::size_t first = found + before.size();
    return "ATen " + told.substr(first, told.find('\n', first) - first) + "; " + blas_in_use();
  }
  std::unique_ptr<session> open(const model_case& c, phase p, std::size_t batch) override {
    return std::make_unique<eager>(c, p, batch);
  }
};

} // namespace

int main(int argc, char** argv) {
  settle(argv, threads_of(argc, argv));
  return serve<libtorch>(argc, argv);
}
